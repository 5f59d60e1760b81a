"""A REST source as it is met in the wild: sign-in, short tokens, a rate limit, pages, outages."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from connectors.connection import find_connection
from connectors.extract import extract_app
from connectors.reader import SourceError, landing_columns
from connectors.registry import App, load_app
from connectors.rest import RestReader
from connectors.rest_spec import PagePaging
from demo.city import City
from demo.ports import Ports
from demo.segar_schema import segar_store
from demo.spec import CitySpec
from kota.settings import PROJECT_ROOT, Settings, get_settings
from lake.engine import connect
from lake.table import LakeTable
from tests.servers import SEGAR_PASSWORD, segar_service

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("settings")]

PRICES = 1_730  # 18 pages of 100, the last one not full


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Segar's file with a part of its prices."""
    path = tmp_path_factory.mktemp("segar") / "segar.sqlite"
    store = segar_store(path)
    store.reset()
    with store.transaction():
        for table in City.build(CitySpec(citizens=100)).tables["segar"]:
            store.fill(table.name, next(table.chunks())[:PRICES])
    store.close()
    return path


@pytest.fixture(scope="module")
def service(database: Path) -> Iterator[str]:
    """A patient service whose tokens last a second."""
    with segar_service(database, token_seconds=1) as uri:
        yield uri


def segar(page_size: int = 100) -> App:
    """The real registry entry, with smaller pages."""
    app = load_app(PROJECT_ROOT / "connectors" / "apps" / "segar.yml")
    tables = {
        name: table.model_copy(
            update={
                "rest": table.rest
                and table.rest.model_copy(update={"paging": PagePaging(size=page_size)})
            }
        )
        for name, table in app.tables.items()
    }
    return app.model_copy(update={"tables": tables})


def reader(uri: str, app: App | None = None) -> RestReader:
    connection = find_connection("segar", {"KOTA_CONN_SEGAR": uri})
    return RestReader(app or segar(), connection, get_settings())


def read_ids(source: RestReader, table: str, since: str | None = None) -> Iterator[list[int]]:
    columns = landing_columns(source.app, table, source.describe(table))
    for batch in source.read(table, columns, since):
        yield [int(value) for value in batch.column("id").to_pylist()]


def test_every_page_is_read_once_and_the_total_is_in_a_header(service: str) -> None:
    with reader(service) as source:
        pages = list(read_ids(source, "harga"))

        assert source.count("harga") == PRICES
    assert [len(page) for page in pages] == [100] * 17 + [30]
    assert len({price for page in pages for price in page}) == PRICES


def test_a_last_page_that_is_full_ends_the_reading(service: str) -> None:
    with reader(service, segar(page_size=173)) as source:
        assert sum(map(len, read_ids(source, "harga"))) == PRICES


def test_a_token_that_runs_out_in_the_midst_of_a_read_is_renewed(service: str) -> None:
    with reader(service) as source:
        pages = read_ids(source, "harga")
        first = next(pages)
        time.sleep(1.1)
        rest = list(pages)

    assert len({price for page in [first, *rest] for price in page}) == PRICES


def test_a_watermark_leaves_out_what_is_older(service: str) -> None:
    with reader(service) as source:
        columns = landing_columns(source.app, "harga", source.describe("harga"))
        times = [
            str(value)
            for batch in source.read("harga", columns, None)
            for value in batch.column("updated_at").to_pylist()
        ]
        since = sorted(times)[-10]
        newer = sum(map(len, read_ids(source, "harga", since)))

    assert newer == sum(moment >= since for moment in times) < PRICES


def test_the_pause_that_the_service_asks_for_is_kept(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One request a second after the first five: only who waits as told succeeds at the second try.
    monkeypatch.setattr("connectors.rest_send.ATTEMPTS", 2)
    with (
        segar_service(database, burst=5, requests_per_second=1) as uri,
        reader(uri, segar(page_size=400)) as source,
    ):
        assert sum(map(len, read_ids(source, "harga"))) == PRICES


def test_a_wrong_password_is_said_without_the_password(service: str) -> None:
    with pytest.raises(SourceError) as refused, reader(service.replace("secret", "hunter2")):
        pass

    assert str(refused.value) == (
        "segar: sign-in at login was refused (401); check user and password of connection 'segar'"
    )


def test_a_service_that_is_down_is_said_after_some_tries(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.rest_send.ATTEMPTS_TO_CONNECT", 2)
    uri = f"http://kota_reader:{SEGAR_PASSWORD}@127.0.0.1:{Ports.free().segar}/api"
    monkeypatch.setenv("KOTA_CONN_SEGAR", uri)
    result = extract_app(segar(), settings)

    assert {table.outcome for table in result.failed} == {"failed"}
    assert result.sentence().startswith("segar: login did not answer, tried several times: ")
    assert SEGAR_PASSWORD not in result.model_dump_json()


def test_a_resource_that_is_not_there_fails_alone(
    service: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_CONN_SEGAR", service)
    app = segar()
    markets = app.tables["pasar"]
    assert markets.rest is not None
    moved = markets.model_copy(update={"rest": markets.rest.model_copy(update={"path": "toko"})})
    result = extract_app(
        app.model_copy(update={"tables": {**app.tables, "pasar": moved}}), settings
    )

    assert [table.message for table in result.failed] == [
        "segar.pasar: toko answered 404: there is no such resource, or no such page; "
        "correct rest.path or rest.paging"
    ]
    assert {table.table for table in result.landed} == {"komoditas", "harga"}


def test_all_three_tables_land_with_the_types_of_the_registry(
    service: str, database: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_CONN_SEGAR", service)
    app = segar()
    first, second = extract_app(app, settings), extract_app(app, settings)

    assert not first.failed, first.sentence()
    assert {t.table: t.rows_landed for t in first.tables} == {
        t.table: t.source_rows for t in first.tables
    }
    assert [t.outcome for t in second.tables] == ["unchanged"] * 3
    with connect(settings, timezone="Asia/Jakarta") as con:
        prices = LakeTable(settings.lake_dir, "segar", "harga").current(["id"])
        landed = con.execute(
            "select id, cast(tanggal as varchar), komoditas_id, harga, "
            f"strftime(updated_at, '%Y-%m-%d %H:%M:%S') from ({prices}) order by id"
        ).fetchall()
    assert landed == stored(database)


def stored(database: Path) -> list[tuple[Any, ...]]:
    """The prices in Segar's own file."""
    with closing(sqlite3.connect(database)) as con:
        return con.execute(
            "select id, tanggal, komoditas_id, harga, updated_at from harga order by id"
        ).fetchall()
