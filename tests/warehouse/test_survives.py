"""Whether what a snapshot was made from can still be told, after the lake was maintained."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from kota.settings import Settings
from lake.maintain import Care, maintain
from lake.rewrite import maintenance_lock
from tests.connectors.legacy import LegacyApp
from warehouse.lake_views import attach_lake
from warehouse.pins import Pins, pin
from warehouse.survives import survival

pytestmark = pytest.mark.integration


@pytest.fixture
def legacy(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LegacyApp:
    """An app of which the lake has twenty batches of one table."""
    legacy = LegacyApp(settings, tmp_path, monkeypatch)
    legacy.extract()
    for number in range(19):
        legacy.run(
            f"insert into kinds values ('K{number}', 'new');"
            f"update kinds set name = 'name {number}' where code = 'A'"
        )
        legacy.extract()
    return legacy


def pins_at(legacy: LegacyApp, version: int) -> Pins:
    pins = pin(legacy.settings, {"legacy": legacy.app}, {}, datetime.now(UTC))
    pins.versions["legacy.kinds"] = version
    return pins


def kinds(legacy: LegacyApp, pins: Pins) -> list[tuple[str, str]]:
    with duckdb.connect() as con:
        attach_lake(con, legacy.settings, {"legacy": legacy.app}, pins)
        return con.execute("select code, name from lake_legacy.kinds order by all").fetchall()


def care(legacy: LegacyApp, **care: object) -> None:
    with maintenance_lock(legacy.settings.lake_dir, "legacy"):
        maintain(
            legacy.table("kinds"),
            legacy.settings,
            Care(key=["code"], grace=timedelta(0), **care),  # type: ignore[arg-type]
        )


def test_merged_and_removed_files_take_nothing_away(legacy: LegacyApp) -> None:
    before = kinds(legacy, pins_at(legacy, 5))
    care(legacy)
    assert not legacy.table("kinds").has_files(5)

    assert survival(legacy.settings, {"legacy.kinds": 5}).gone == []
    assert kinds(legacy, pins_at(legacy, 5)) == before


def test_forgotten_history_is_named_with_the_day(legacy: LegacyApp) -> None:
    care(legacy, history_days=1, now=datetime.now(UTC) + timedelta(days=400))

    (said,) = survival(legacy.settings, {"legacy.kinds": 5}).gone
    assert said.startswith("legacy.kinds: the history before batch 20 was removed")
    assert f"(since {datetime.now(UTC):%Y-%m-%d}" in said


def test_a_version_of_another_lake_is_told(legacy: LegacyApp) -> None:
    found = survival(legacy.settings, {"legacy.kinds": 99, "legacy.people": 0})

    assert found.gone == [
        "legacy.kinds: version 99 is not in this lake",
        "legacy.people: version 0 is not in this lake",
    ]
