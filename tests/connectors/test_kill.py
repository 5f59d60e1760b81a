"""A run killed at any point, then run again, gives the lake of a run that was never killed."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.connectors.legacy import LegacyApp

ROWS = 60_000
FILL = f"""
delete from requests; delete from kinds;
with recursive n(i) as (select 1 union all select i + 1 from n where i < {ROWS})
insert into requests
select i, printf('%016d', i), 'x', i, '2026-01-01 08:00:00', '2026-01-01 08:00:00' from n;
with recursive n(i) as (select 1 union all select i + 1 from n where i < {ROWS // 2})
insert into kinds select printf('K%d', i), 'name' from n;
"""
CHANGE = f"""
update requests set amount = amount + 1, updated_at = '2026-01-05 08:00:00' where id % 3 = 0;
delete from requests where id % 100 = 1;
insert into requests values ({ROWS + 1}, null, 'x', 1, null, '2026-01-05 08:00:00');
delete from kinds where code like '%7';
update kinds set name = 'other' where code like '%3';
"""


class Written(NamedTuple):
    """What a run has put on disk so far."""

    files: int
    commits: int


def _written(home: Path) -> Written:
    lake = home / "lake" / "legacy"
    return Written(len(list(lake.glob("*/*.parquet"))), len(list(lake.glob("*/_delta_log/*.json"))))


Moment = Callable[[Written, Written], bool]

MOMENTS: dict[str, Moment] = {
    "while the first file is written": lambda before, now: now.files > before.files,
    "after the first commit": lambda before, now: now.commits > before.commits,
    "while the second file is written": lambda before, now: now.files > before.files + 1,
    "after the last commit": lambda before, now: now.commits > before.commits + 1,
}


@pytest.mark.integration
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_and_run_again(legacy: LegacyApp, moment: str, tmp_path: Path) -> None:
    calm = legacy.with_home(tmp_path / "calm")
    for change in (FILL, CHANGE):
        legacy.run(change)
        calm.extract()
        _run_and_kill(legacy.settings.home, MOMENTS[moment])
        legacy.extract()
        assert _state(legacy) == _state(calm)

    assert all(table.outcome == "unchanged" for table in legacy.extract().tables)


def _run_and_kill(home: Path, moment: Moment) -> None:
    """Start `kota extract` and kill it, without warning, when the moment has come."""
    before = _written(home)
    process = subprocess.Popen(
        [sys.executable, "-m", "kota", "extract", "--json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and not moment(before, _written(home)):
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it ended before the moment came"


def _state(app: LegacyApp) -> dict[str, list[tuple[Any, ...]]]:
    """Fingerprints of current state and change log, without the times at which batches ran."""
    return {
        name: app.fingerprint(f"({app.table(name).current(app.app.tables[name].key)})")
        + app.fingerprint(app.table(name).relation())
        for name in app.app.tables
    }
