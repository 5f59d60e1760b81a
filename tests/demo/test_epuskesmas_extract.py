"""e-Puskesmas in PostgreSQL, read as the registry says, before and after some days."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta

import numpy as np
import pytest

from connectors.extract import extract_app
from connectors.registry import load_app
from connectors.result import TableResult
from demo.areas import load_areas
from demo.clinics import Clinics
from demo.epuskesmas import epuskesmas_tables
from demo.epuskesmas_schema import INDEXES, SCHEMA, TABLES
from demo.population import Population
from demo.ports import Ports
from demo.postgres import READER, PostgresServer
from demo.spec import CitySpec
from demo.store_postgres import PostgresStore
from demo.table import Table, compare
from demo.vaccinations import Vaccinations
from demo.visits import Visits
from kota.settings import PROJECT_ROOT, Settings
from lake.engine import connect
from lake.table import LakeTable

pytestmark = pytest.mark.integration

OPENED = date(2026, 6, 10)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    folder = tmp_path_factory.mktemp("postgres")
    server = PostgresServer(
        folder / "data",
        Ports.free().postgres,
        admin_password="admin-secret",
        reader_password="reader-secret",
        log=folder / "postgres.log",
    )
    with server:
        server.create_database("epuskesmas")
        yield server


def tables_on(population: Population, day: date) -> list[Table]:
    visits = Visits(population, Clinics(population.areas), day)
    return epuskesmas_tables(visits, Vaccinations(population, day))


def test_every_row_arrives_and_complaints_stay_behind(
    server: PostgresServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_CONN_EPUSKESMAS", server.uri("epuskesmas", READER))
    app = load_app(PROJECT_ROOT / "connectors" / "apps" / "epuskesmas.yml")

    def extract() -> dict[str, TableResult]:
        results = {result.table: result for result in extract_app(app, settings).tables}
        for result in results.values():
            assert result.outcome != "failed", result.message
            assert result.rows_quarantined == 0, result.table
        return results

    population = Population(CitySpec(citizens=4000, seed=7, opened=OPENED), load_areas())
    before, after = tables_on(population, OPENED), tables_on(population, OPENED + timedelta(30))
    uri = server.uri("epuskesmas")
    with closing(PostgresStore(uri, SCHEMA, TABLES, INDEXES, reader=READER)) as store:
        store.reset()
        for table in before:
            for rows in table.chunks():
                store.fill(table.name, rows)
        extract()
        for old, new in zip(before, after, strict=True):
            change = compare(old, new)
            with store.transaction():
                for rows in new.chunks(np.concatenate([change.inserted, change.changed])):
                    store.upsert(new.name, new.key, rows)
                store.delete(old.name, old.key, old.keys(change.deleted))
    results = extract()
    assert results["kunjungan"].rows_deleted

    with connect(settings, timezone="UTC") as con:
        for table in after:
            state = LakeTable(settings.lake_dir, "epuskesmas", table.name).current(["id"])
            found = con.execute(f"select id from ({state}) order by id").fetchall()
            assert [key for (key,) in found] == sorted(table.ids.tolist()), table.name
            columns = con.execute(f"select * from ({state}) limit 0").description or []
            assert "keluhan" not in [column[0] for column in columns]
        state = LakeTable(settings.lake_dir, "epuskesmas", "pasien").current(["id"])
        sample = con.execute(f"select nik, no_bpjs from ({state}) where no_bpjs is not null")
        nik, bpjs = sample.fetchone() or ("", "")
        assert len(nik or "0" * 16) == 16 and not bpjs.startswith("000")
