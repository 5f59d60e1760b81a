"""SIMPEG's registry entry lands what its database holds, in MariaDB and in SQLite alike."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from connectors.extract import extract_app
from connectors.registry import load_app
from demo.areas import load_areas
from demo.civil_servants import CivilServants
from demo.mariadb import OWNER, MariaDBServer
from demo.population import Population
from demo.ports import Ports
from demo.simpeg import simpeg_tables
from demo.simpeg_schema import MARIADB_TABLES, SQLITE_TABLES
from demo.spec import CitySpec
from demo.store import Store
from demo.store_mariadb import MariaDBStore
from demo.store_sqlite import SQLiteStore
from kota.settings import PROJECT_ROOT, Settings
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable

pytestmark = pytest.mark.integration

APP = load_app(PROJECT_ROOT / "connectors" / "apps" / "simpeg.yml")
SPEC = CitySpec(citizens=60_000, seed=7, opened=date(2026, 6, 10))


@pytest.fixture(params=["mariadb", "sqlite"])
def uri(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database; which one holds SIMPEG depends on the machine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'simpeg.sqlite'}"
        return
    if not MariaDBServer.is_available():
        pytest.skip("this machine has no MariaDB")
    server = MariaDBServer(
        tmp_path / "mariadb",
        Ports.free().mariadb,
        owner_password="owner-secret",
        reader_password="reader-secret",
        log=tmp_path / "mariadb.log",
    )
    with server:
        yield server.uri(OWNER)


def open_store(uri: str) -> Store:
    if uri.startswith("sqlite:"):
        return SQLiteStore(Path(uri.removeprefix("sqlite:///")), SQLITE_TABLES)
    return MariaDBStore(uri, MARIADB_TABLES)


def test_the_registered_app_lands_as_it_is(
    uri: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_CONN_SIMPEG", uri)
    tables = simpeg_tables(CivilServants(Population(SPEC, load_areas()), SPEC.opened))
    with closing(open_store(uri)) as store:
        store.reset()
        for table in tables:
            with store.transaction():
                store.fill(table.name, table.render(np.arange(len(table.ids))))
    result = extract_app(APP, settings)
    assert not result.failed, result.sentence()
    assert {t.table: t.rows_landed for t in result.tables} == {t.name: len(t.ids) for t in tables}
    assert Quarantine(settings.lake_dir, "simpeg").open_entries() == []

    employees, posts = tables[1], tables[2]
    rows = employees.render(np.arange(len(employees.ids)))
    with connect(settings) as con:
        state = LakeTable(settings.lake_dir, "simpeg", "pegawai").current(["id"])
        found = con.execute(f"select id, nip, nama, tgl_lahir from ({state}) order by id")
        born = [None if day == "0000-00-00" else date.fromisoformat(day)
                for day in rows["tgl_lahir"].to_pylist()]  # fmt: skip
        names = rows["nama"].to_pylist()
        expected = list(
            zip(rows["id"].to_pylist(), rows["nip"].to_pylist(), names, born, strict=True)
        )
        assert found.fetchall() == expected
        assert any(not name.isascii() for name in names)
        kept = con.execute(f"select * from ({state}) limit 0").description
        assert "no_rek" not in {name for name, *_ in kept or []}

        state = LakeTable(settings.lake_dir, "simpeg", "jabatan_riwayat").current(["id"])
        ends = con.execute(
            f"select count(*) filter (tmt_selesai is null), "
            f"count(*) filter (tmt_selesai = date '9999-12-31'), max(diubah) from ({state})"
        ).fetchone()
    assert ends is not None
    dirt = posts.dirt
    assert ends[:2] == (len(dirt["open_as_zero_date"]), len(dirt["open_as_last_date"]))
    newest = pc.max(posts.render(np.arange(len(posts.ids)))["diubah"]).as_py()
    assert ends[2] == datetime.fromisoformat(f"{newest}+07:00")
