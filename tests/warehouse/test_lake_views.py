"""What dbt sees of the lake: a table's present and its past, at pinned versions."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kota.settings import Settings
from tests.connectors.legacy import LegacyApp
from tests.lake.test_erase import erase
from warehouse.lake_views import attach_lake
from warehouse.pins import Pins, pin

pytestmark = pytest.mark.integration


def _pinned(legacy: LegacyApp) -> Pins:
    return pin(legacy.settings, {"legacy": legacy.app}, {}, datetime.now(UTC))


def _kinds(legacy: LegacyApp, pins: Pins) -> tuple[list[Any], list[Any]]:
    """Current rows, and past and present states with the days they began and ended being known."""
    with duckdb.connect() as con:
        attach_lake(con, legacy.settings, {"legacy": legacy.app}, pins)
        now = con.execute("select code, name from lake_legacy.kinds order by all").fetchall()
        past = con.execute(
            "select code, name, dense_rank() over (order by _kota_at) as began, _kota_until = "
            "lead(_kota_at) over (partition by code order by _kota_at), _kota_until is null "
            "from lake_legacy.kinds__states order by code, _kota_at"
        ).fetchall()
    return now, past


def test_every_state_of_a_row_is_there_with_its_end(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy = LegacyApp(settings, tmp_path, monkeypatch)
    legacy.extract()
    first = _pinned(legacy)
    legacy.run("update kinds set name = 'Jalan raya' where code = 'A'")
    legacy.run("delete from kinds where code = 'B'")
    legacy.extract()
    legacy.run("insert into kinds values ('B', 'Sampah'), ('C', 'Air')")
    legacy.extract()

    now, past = _kinds(legacy, _pinned(legacy))
    assert now == [("A", "Jalan raya"), ("B", "Sampah"), ("C", "Air")]
    assert past == [
        ("A", "Jalan", 1, True, False),
        ("A", "Jalan raya", 2, None, True),
        ("B", "Sampah", 1, False, False),  # deleted long before it came again
        ("B", "Sampah", 3, None, True),
        ("C", "Air", 3, None, True),
    ]

    then, before = _kinds(legacy, first)
    assert then == [("A", "Jalan"), ("B", "Sampah")]
    assert [(code, name, lasts) for code, name, _, _, lasts in before] == [
        ("A", "Jalan", True),
        ("B", "Sampah", True),
    ]


def test_an_erasure_is_no_change_at_the_app(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy = LegacyApp(settings, tmp_path, monkeypatch)
    legacy.extract()
    loaded = _loaded_at(legacy)

    erased = erase(legacy)

    assert [table.rows for table in erased.tables if table.table == "legacy.requests"] == [1]
    assert _loaded_at(legacy) == loaded


def _loaded_at(legacy: LegacyApp) -> datetime:
    with duckdb.connect() as con:
        attach_lake(con, legacy.settings, {"legacy": legacy.app}, _pinned(legacy))
        row = con.execute(
            "select committed_at from ops.lake_tables where table_name = 'requests'"
        ).fetchone()
    assert row
    at: datetime = row[0]
    return at
