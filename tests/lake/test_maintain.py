"""A table that is maintained says the same as one that is not, and is quicker to read."""

import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lake.delta_log import files_at, read_log
from lake.engine import connect
from lake.history import NoSuchPastError, as_of
from lake.maintain import Care, Maintained, maintain
from lake.rewrite import extraction_lock, is_append_only, maintenance_lock
from lake.verify import verify
from tests.connectors.legacy import REGISTRY, LegacyApp

pytestmark = pytest.mark.integration

AT_ONCE = timedelta(0)
LATER = timedelta(days=400)


def grow(legacy: LegacyApp, batches: int, start: int = 0) -> None:
    """Batches of a new, a changed and a deleted row each, in one small table."""
    legacy.register(
        REGISTRY[: REGISTRY.index("  requests:")] + REGISTRY[REGISTRY.index("  kinds:") :]
    )
    for number in range(start, start + batches):
        legacy.run(
            f"insert into kinds values ('K{number}', 'new');"
            f"update kinds set name = 'name {number}' where code = 'A';"
            f"delete from kinds where code = 'K{number - 2}'"
        )
        legacy.extract()


def care_for(legacy: LegacyApp, name: str, **care: Any) -> Maintained:
    with maintenance_lock(legacy.settings.lake_dir, "legacy"):
        return maintain(
            legacy.table(name),
            legacy.settings,
            Care(key=legacy.app.tables[name].key, **care),
        )


def sentences(legacy: LegacyApp, name: str) -> list[str]:
    key = legacy.app.tables[name].key
    found = verify(legacy.table(name), legacy.settings, key)
    return [finding.sentence for finding in found.findings]


def rows_of(legacy: LegacyApp, query: str) -> list[tuple[Any, ...]]:
    with connect(legacy.settings) as con:
        return con.execute(f"select * from ({query}) order by all").fetchall()


def past(legacy: LegacyApp, name: str, number: int) -> Sequence[tuple[Any, ...]]:
    table = as_of(legacy.table(name), number)
    return rows_of(legacy, table.current(legacy.app.tables[name].key))


def test_small_files_become_one_and_say_the_same(legacy: LegacyApp) -> None:
    grow(legacy, 8)
    table = legacy.table("kinds")
    before = (legacy.log("kinds", "*"), legacy.current("kinds"), list(table.batches()))

    done = care_for(legacy, "kinds")

    assert (done.files_before, done.files_after) == (8, 1)
    assert (legacy.log("kinds", "*"), legacy.current("kinds"), list(table.batches())) == before
    assert sentences(legacy, "kinds") == []
    assert is_append_only(table)
    assert all(result.outcome == "unchanged" for result in legacy.extract().tables)
    grow(legacy, 1, start=8)
    assert ("K8", "new") in legacy.current("kinds", "code, name")
    assert care_for(legacy, "kinds").files_after == 2  # too few to be worth it


def test_a_dry_run_says_what_would_be_done_and_does_nothing(legacy: LegacyApp) -> None:
    grow(legacy, 6)
    table = legacy.table("kinds")
    version = table.version()

    care = Care(grace=AT_ONCE, now=datetime.now(UTC) + LATER, history_days=30, key=["code"])
    done = maintain(table, legacy.settings, care, dry_run=True)

    assert (done.files_before, done.files_after) == (6, 1)
    assert done.rows_forgotten > 0
    assert table.version() == version


def test_a_pinned_version_stays_readable_and_the_rest_goes(legacy: LegacyApp) -> None:
    grow(legacy, 5)
    table = legacy.table("kinds")
    pinned = table.version()
    state = rows_of(legacy, table.current(["code"], pinned))
    grow(legacy, 5, start=5)

    care_for(legacy, "kinds")
    assert len(list(table.path.glob("*.parquet"))) == 11  # nobody is disturbed while reading
    done = care_for(legacy, "kinds", pinned={pinned}, grace=AT_ONCE)

    assert done.files_removed == 5
    assert rows_of(legacy, table.current(["code"], pinned)) == state
    assert sentences(legacy, "kinds") == []
    assert care_for(legacy, "kinds", grace=AT_ONCE).files_removed == 5
    assert past(legacy, "kinds", 5) == state  # made from the newest file alone
    assert len(list(table.path.glob("*.parquet"))) == 1


def test_what_a_killed_run_left_goes_when_nothing_is_extracted(legacy: LegacyApp) -> None:
    legacy.extract()
    table = legacy.table("kinds")
    left = table.path / "part-0.parquet"
    left.write_bytes(b"half a fi")
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    with extraction_lock(legacy.settings.lake_dir, "legacy"):
        busy = care_for(legacy, "kinds", grace=AT_ONCE, now=tomorrow)
    assert left.exists()
    assert busy.notes == [
        "legacy is being extracted, so 1 uncommitted files of legacy.kinds stay until the next "
        "maintenance"
    ]
    assert care_for(legacy, "kinds").files_removed == 0  # it is not old enough
    assert care_for(legacy, "kinds", grace=AT_ONCE, now=tomorrow).files_removed == 1
    assert not left.exists()


def test_history_past_its_retention_goes_and_the_state_stays(legacy: LegacyApp) -> None:
    grow(legacy, 6)
    state, sixth = legacy.current("kinds"), past(legacy, "kinds", 6)
    table = legacy.table("kinds")
    now = datetime.now(UTC) + timedelta(days=30)
    rows = len(legacy.log("kinds", "*"))

    done = care_for(legacy, "kinds", history_days=29, now=now, grace=AT_ONCE)

    assert done.rows_forgotten == rows - len(state)
    assert legacy.current("kinds") == state
    assert rows_of(legacy, f"select * exclude (_kota_op) from {table.relation()}") == state
    assert past(legacy, "kinds", 6) == sixth
    with pytest.raises(NoSuchPastError, match="before batch 6 was removed by its retention"):
        as_of(table, 5)
    assert is_append_only(table)
    assert sentences(legacy, "kinds") == []
    assert len(list(table.path.glob("*.parquet"))) == 1
    assert all(result.outcome == "unchanged" for result in legacy.extract().tables)
    assert care_for(legacy, "kinds", history_days=29, now=now).rows_forgotten == 0


def test_history_since_the_horizon_can_still_be_told(legacy: LegacyApp) -> None:
    grow(legacy, 7)
    table = legacy.table("kinds")
    known = {number: rows_of(legacy, table.current(["code"], number - 1)) for number in (4, 5, 7)}
    fourth = next(batch for batch in table.batches() if batch.number == 4)
    now = fourth.extracted_at + timedelta(days=10)

    done = care_for(legacy, "kinds", history_days=10, now=now)

    assert done.rows_forgotten > 0
    assert {number: past(legacy, "kinds", number) for number in known} == known
    with pytest.raises(NoSuchPastError):
        as_of(table, 3)


def test_history_waits_while_the_app_is_extracted(legacy: LegacyApp) -> None:
    grow(legacy, 3)
    table = legacy.table("kinds")
    version = table.version()
    now = datetime.now(UTC) + LATER

    with extraction_lock(legacy.settings.lake_dir, "legacy"):
        done = care_for(legacy, "kinds", history_days=30, now=now)

    assert done.rows_forgotten == 0
    assert "legacy is being extracted, so legacy.kinds keeps its old history" in done.notes[0]
    assert table.version() == version
    assert len(list(table.path.glob("*.parquet"))) == len(files_at(read_log(table.path)))


def test_opening_reads_few_commits_after_years(
    legacy: LegacyApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lake.maintain.COMMITS_PER_CHECKPOINT", 4)
    grow(legacy, 4)

    assert care_for(legacy, "kinds").is_checkpointed
    assert (legacy.table("kinds").path / "_delta_log" / "_last_checkpoint").exists()
    assert not care_for(legacy, "kinds").is_checkpointed
    assert sentences(legacy, "kinds") == []
    assert len(list(legacy.table("kinds").batches())) == 4


EXTRACT = """
import sys
from connectors.extract import extract_app
from connectors.registry import load_registry
from kota.settings import get_settings
import sqlite3
for number in range(int(sys.argv[2])):
    with sqlite3.connect(sys.argv[1]) as con:
        con.executescript(
            f"insert into kinds values ('P{number}', 'new');"
            f"update kinds set name = 'name {number}' where code in ('A', 'P{number - 3}');"
            f"delete from kinds where code = 'P{number - 7}';"
        )
    settings = get_settings()
    result = extract_app(load_registry(settings)["legacy"], settings)
    assert not result.failed, result.sentence()
"""


@pytest.mark.integration
def test_maintenance_while_extractions_run_loses_no_batch(
    legacy: LegacyApp, tmp_path: Path
) -> None:
    runs = 20
    process = subprocess.Popen([sys.executable, "-c", EXTRACT, legacy.database, str(runs)])
    table, compacted = legacy.table("kinds"), 0
    while process.poll() is None:
        if table.exists():
            compacted += care_for(legacy, "kinds").files_before >= 5
        time.sleep(0.02)

    assert process.returncode == 0
    assert compacted > 1
    assert [batch.number for batch in table.batches()] == list(range(runs, 0, -1))
    assert sentences(legacy, "kinds") == []
    calm = legacy.with_home(tmp_path / "calm")
    calm.extract()
    assert legacy.current("kinds", "code, name") == calm.current("kinds", "code, name")
