"""The property tax office's registry entry lands what its files hold."""

from datetime import timedelta
from pathlib import Path

import pytest

from connectors.extract import extract_app
from connectors.registry import load_app
from demo.areas import load_areas
from demo.pbb import pbb_files, pbb_tables
from demo.pbb_objects import TaxObjects
from demo.population import Population
from demo.spec import CitySpec
from demo.table import compare
from kota.settings import PROJECT_ROOT, Settings
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable
from tests.demo.conftest import OPENED
from tests.demo.dropped import put

pytestmark = pytest.mark.integration


def test_every_row_lands_and_the_next_night_only_the_news(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_CONN_PBB", f"file://{tmp_path}")
    population = Population(CitySpec(citizens=4000, seed=11, opened=OPENED), load_areas())
    app = load_app(PROJECT_ROOT / "connectors" / "apps" / "pbb.yml")
    today = TaxObjects(population, OPENED)
    later = TaxObjects(population, OPENED + timedelta(days=60))

    put(tmp_path, pbb_files(today))
    first = {result.table: result for result in extract_app(app, settings).tables}
    tables = {table.name: table for table in pbb_tables(today)}
    assert {name: result.rows_landed for name, result in first.items()} == {
        name: len(table.ids) for name, table in tables.items()
    }

    put(tmp_path, pbb_files(later))
    second = {result.table: result for result in extract_app(app, settings).tables}
    for table in pbb_tables(later):
        change = compare(tables[table.name], table)
        result = second[table.name]
        assert result.rows_landed == len(change.inserted) + len(change.changed), table.name
        assert result.rows_deleted == len(change.deleted), table.name
    assert second["bayar"].rows_landed > 0

    for name in app.tables:
        assert not Quarantine(settings.lake_dir, "pbb").open_entries(name)
    # Names with signs, and the sum of all money, arrive as they are.
    with connect(settings, timezone="UTC") as con:
        roll = LakeTable(settings.lake_dir, "pbb", "objek").current(["NOP"])
        names = con.execute(f"select NOP, NM_WP from ({roll})").fetchall()
        paid = LakeTable(settings.lake_dir, "pbb", "bayar").current(["NTPD"])
        money = con.execute(f"select sum(JML_BAYAR) from ({paid})").fetchone()
    rows = [row for table in pbb_tables(later) if table.name == "objek" for row in table.chunks()]
    written = {
        nop: name[:30].rstrip()
        for chunk in rows
        for nop, name in zip(chunk["NOP"].to_pylist(), chunk["NM_WP"].to_pylist(), strict=True)
    }
    assert dict(names) == written
    assert any(not name.isascii() for name in written.values())
    amounts = pbb_tables(later)[3]
    total = sum(sum(chunk["JML_BAYAR"].to_pylist()) for chunk in amounts.chunks())
    assert money == (total,)
