"""Siap Kerja's registry entry lands what its SQLite file holds, and nothing needs a quarantine."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from connectors.extract import extract_app
from connectors.registry import load_app
from connectors.result import AppResult
from demo.areas import load_areas
from demo.job_seekers import Seekers
from demo.job_vacancies import Vacancies
from demo.population import Population
from demo.siapkerja import siapkerja_tables
from demo.siapkerja_schema import INDEXES, TABLES
from demo.spec import CitySpec
from demo.store_sqlite import SQLiteStore
from demo.table import Table, compare
from kota.settings import PROJECT_ROOT, Settings
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable

pytestmark = pytest.mark.integration

APP = load_app(PROJECT_ROOT / "connectors" / "apps" / "siapkerja.yml")
SPEC = CitySpec(citizens=20_000, seed=7, opened=date(2026, 6, 10))
MORNINGS = (SPEC.opened, SPEC.opened + timedelta(days=9))


def tables_on(day: date) -> list[Table]:
    population = Population(SPEC, load_areas())
    return siapkerja_tables(Seekers(population, day), Vacancies(population, day))


def extracted(settings: Settings) -> AppResult:
    result = extract_app(APP, settings)
    assert not result.failed, result.sentence()
    assert all(entry.rows_quarantined == 0 for entry in result.tables)
    assert Quarantine(settings.lake_dir, "siapkerja").open_entries() == []
    return result


def test_the_registered_app_lands_as_it_is_and_follows_its_days(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "siapkerja.sqlite"
    monkeypatch.setenv("KOTA_CONN_SIAPKERJA", f"sqlite:///{path}")
    before, after = (tables_on(day) for day in MORNINGS)
    with closing(SQLiteStore(path, TABLES, INDEXES)) as store:
        store.reset()
        with store.transaction():
            for table in before:
                store.fill(table.name, table.render(np.arange(len(table.ids))))
        assert {t.table: t.rows_landed for t in extracted(settings).tables} == {
            table.name: len(table.ids) for table in before
        }
        changed = {}
        for old, new in zip(before, after, strict=True):
            change = compare(old, new)
            at = np.concatenate([change.inserted, change.changed])
            with store.transaction():
                store.upsert(new.name, "id", new.render(at))
            changed[new.name] = len(at)
    assert {t.table: t.rows_landed for t in extracted(settings).tables} == changed

    with connect(settings) as con:
        for table in after:
            lake = LakeTable(settings.lake_dir, "siapkerja", table.name)
            state = lake.current(["id"])
            rows = table.render(np.arange(len(table.ids)))
            columns = [name for name in rows.column_names if name in ("nik", "upah", "telp")]
            listed = ", ".join(["id", *columns])
            found = con.execute(f"select {listed} from ({state}) order by id").fetchall()
            expected = zip(*(rows[name].to_pylist() for name in ("id", *columns)), strict=True)
            assert found == sorted(expected), table.name
        people = LakeTable(settings.lake_dir, "siapkerja", "pencari_kerja").current(["id"])
        kept = con.execute(f"select * from ({people}) limit 0").description
    assert not {"password", "disabilitas"} & {name for name, *_ in kept or []}
