"""What became of the rows of a lake table between two versions, and which came late."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from kota.settings import Settings
from tests.connectors.legacy import LegacyApp
from warehouse.diff import held_changes
from warehouse.lake_changes import LakeChange, lake_change
from warehouse.manifest import Held, Manifest

pytestmark = pytest.mark.integration

LOOKED_AT = datetime(2026, 2, 1, tzinfo=UTC)
NAME = "legacy.requests"


@pytest.fixture
def legacy(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LegacyApp:
    """An app whose requests 1 and 2 were looked at on 1 February, in version 0."""
    legacy = LegacyApp(settings, tmp_path, monkeypatch)
    legacy.extract()
    return legacy


def told(
    legacy: LegacyApp, before: int | None, after: int | None, name: str = "requests"
) -> LakeChange:
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        table = legacy.table(name)
        return lake_change(con, legacy.app, table, before, after, LOOKED_AT)


def test_each_row_is_counted_once_by_what_became_of_it(legacy: LegacyApp) -> None:
    legacy.run(
        "update requests set amount = 11, updated_at = '2026-03-01' where id = 1;"
        "delete from requests where id = 2;"
        "insert into requests values"
        " (3, null, '', 1, '2026-01-15 08:00:00', '2026-03-01 08:00:00'),"  # told too late
        " (4, null, '', 1, '2026-02-20 08:00:00', '2026-03-01 08:00:00'),"
        " (5, null, '', 1, '2026-02-21 08:00:00', '2026-03-01 08:00:00');"
    )
    legacy.extract()
    legacy.run("update requests set amount = 12, updated_at = '2026-03-02' where id in (1, 4)")
    legacy.extract()

    assert told(legacy, 0, 2) == LakeChange(NAME, new=2, late=1, corrected=1, deleted=1)
    assert told(legacy, 2, 0) == LakeChange(NAME, new=1, corrected=1, deleted=3)  # held back
    assert told(legacy, 1, 2) == LakeChange(NAME, corrected=2)
    assert not told(legacy, 2, 2).is_any
    assert told(legacy, None, 2).new + told(legacy, None, 2).late == 4


def test_a_value_that_changed_and_changed_back_is_no_change(legacy: LegacyApp) -> None:
    for name in ("Air", "Jalan"):
        legacy.run(f"update kinds set name = '{name}' where code = 'A'")
        legacy.extract()

    assert legacy.table("kinds").version() == 2
    assert told(legacy, 0, 1, "kinds") == LakeChange("legacy.kinds", corrected=1)
    assert not told(legacy, 0, 2, "kinds").is_any


def test_apps_that_were_held_back_and_released_are_told() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)

    def manifest(**reasons: str) -> Manifest:
        held = {
            app: Held(reason=reason, since=now, tables=[], refused={})
            for app, reason in reasons.items()
        }
        return Manifest(
            id="", built_at=now, as_of=now, lake={}, held=held, code_version="", config_hash="",
            duckdb_version="",
        )  # fmt: skip

    before = manifest(laksa="a test failed", pbb="no column x", siak="late")
    assert held_changes(before, manifest(pbb="no column y", siak="late", segar="emptied")) == {
        "laksa": "laksa, held back until then (a test failed), was released",
        "pbb": "pbb is still held back, now because no column y",
        "segar": "segar was held back: emptied",
    }
