"""Loading and advancing real databases: what is in them is what the truth says."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import numpy as np
import psycopg
import pyarrow.compute as pc
import pymysql
import pytest

from demo.city import City
from demo.links import read_links
from demo.loading import AppUris, NotLoadedError, advance_city, city_spec, load_city
from demo.mariadb import READER
from demo.people import PEOPLE_FOLDER, read_people
from demo.perizinan_schema import SCHEMA
from demo.spec import CitySpec
from demo.table import Table
from demo.truth import FILE_NAME, Truth
from tests.demo.conftest import Servers

pytestmark = pytest.mark.integration

SOME = ("laksa", "perizinan", "segar")
"""An app of each technology; what is loaded otherwise is tested with every app."""
JAKARTA = timezone(timedelta(hours=7))


@pytest.fixture(params=["mariadb", "sqlite"])
def uris(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> AppUris:
    """The apps' addresses, with LAKSA in each of its two databases."""
    file = f"sqlite:///{tmp_path / 'laksa.sqlite'}"
    return servers.uris(*SOME, **({"laksa": file} if request.param == "sqlite" else {}))


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def test_what_is_in_the_apps_is_the_city(uris: AppUris, state: Path, spec: CitySpec) -> None:
    truth = load_city(spec, uris, state)
    assert truth == Truth.read(state)
    assert_is_city(City.build(spec), truth, uris)
    assert state.stat().st_mode & 0o777 == 0o700


def test_days_that_pass_leave_the_city_of_that_day(
    uris: AppUris, state: Path, spec: CitySpec
) -> None:
    before = load_city(spec, uris, state)
    one = advance_city(uris, state)
    assert one.day == spec.opened + timedelta(days=1)
    complaints = one.apps["laksa"]["pengaduan"]
    assert complaints.inserted and complaints.changed and complaints.deleted
    grown = len(complaints.inserted) - len(complaints.deleted)
    assert complaints.rows == before.apps["laksa"]["pengaduan"].rows + grown
    truth = advance_city(uris, state, days=4)
    assert_is_city(City.build(spec, spec.opened + timedelta(days=5)), truth, uris)


def test_a_loaded_city_is_not_loaded_again(servers: Servers, state: Path, spec: CitySpec) -> None:
    uris = servers.uris(*SOME)
    told: list[str] = []
    load_city(spec, uris, state)
    advanced = advance_city(uris, state)
    assert load_city(city_spec(state, spec.citizens), uris, state, say=told.append) == advanced
    assert told == []
    smaller = city_spec(state, 400, opened=spec.opened)
    assert load_city(smaller, uris, state, say=told.append).spec.citizens == 400
    assert told


def test_a_load_that_was_killed_is_done_again(
    servers: Servers, state: Path, spec: CitySpec
) -> None:
    uris = servers.uris(*SOME)

    def stop_at_complaints(table: str) -> None:
        if table.startswith("laksa.pengaduan"):
            raise KeyboardInterrupt

    load_city(spec.model_copy(update={"seed": 1}), uris, state)
    with pytest.raises(KeyboardInterrupt):
        load_city(spec, uris, state, say=stop_at_complaints)
    assert Truth.read(state) is None
    with pytest.raises(NotLoadedError):
        advance_city(uris, state)
    truth = load_city(spec, uris, state)
    assert_is_city(City.build(spec), truth, uris)


def test_an_advance_that_was_killed_is_done_again(
    uris: AppUris, state: Path, spec: CitySpec
) -> None:
    load_city(spec, uris, state)
    before = (state / FILE_NAME).read_bytes()
    first = advance_city(uris, state)
    (state / FILE_NAME).write_bytes(before)  # killed before the truth was written
    assert advance_city(uris, state) == first
    assert_is_city(City.build(spec, first.day), first, uris)


def test_the_people_file_knows_old_and_new_phones(
    servers: Servers, state: Path, spec: CitySpec
) -> None:
    uris = servers.uris(*SOME)
    load_city(spec, uris, state)
    old = set(read_people(state / PEOPLE_FOLDER)["phone"].to_pylist())
    advance_city(uris, state, days=3)
    people = read_people(state / PEOPLE_FOLDER)
    phones = set(people["phone"].to_pylist())
    assert old < phones
    assert pc.all(pc.match_substring_regex(people["phone"].drop_null(), r"^08\d{10}$")).as_py()
    for app, query in (
        ("laksa", "SELECT nik, nama, no_hp, email FROM pengguna"),
        ("perizinan", f"SELECT nik, nama, telepon, email FROM {SCHEMA}.pemohon"),
    ):
        stored = people.filter(pc.equal(people["app"], app)).to_pydict()
        columns = [stored[name] for name in ("nik_stored", "name_stored", "phone_stored", "email")]
        assert set(fetch(app, query, uris)) <= set(zip(*columns, strict=True))


def test_links_tell_who_and_where_every_row_is_about(
    servers: Servers, state: Path, spec: CitySpec
) -> None:
    load_city(spec, servers.uris(*SOME), state)
    truth = advance_city(servers.uris(*SOME), state)
    city = City.build(spec, truth.day)
    dirt = truth.apps["laksa"]["pengguna"].dirt["nik_too_short"]
    niks = {
        str(id): nik
        for id, nik in fetch("laksa", "SELECT id, nik FROM pengguna", servers.uris(*SOME))
    }
    links = read_links(state, "laksa").to_pylist()
    accounts = {link["key"]: link["person"] for link in links if link["table"] == "pengguna"}
    assert accounts.keys() == niks.keys()
    true = city.population.nik_text(np.array(list(accounts.values()))).to_pylist()
    wrong = {int(key) for key, nik in zip(accounts, true, strict=True) if niks[key] != nik}
    assert wrong == set(dirt)
    places = {link["key"]: link["kelurahan"] for link in links if link["table"] == "pengaduan"}
    areas = city.population.areas
    codes = {int(key): areas.kecamatan_codes[areas.kecamatan_of[at]] for key, at in places.items()}
    assert codes == truth.complaints.kecamatan


def test_the_truth_of_a_demo_with_fewer_apps_is_loaded_over(
    servers: Servers, state: Path, spec: CitySpec
) -> None:
    load_city(spec, servers.uris(*SOME), state)
    old = json.loads((state / FILE_NAME).read_text("utf-8"))
    old["apps"] = {app_id: app["tables"] for app_id, app in old.pop("held").items()}
    (state / FILE_NAME).write_text(json.dumps({**old, "laksa_engine": "mariadb"}), "utf-8")
    with pytest.raises(NotLoadedError):
        advance_city(servers.uris(*SOME), state)
    told: list[str] = []
    load_city(spec, servers.uris(*SOME), state, say=told.append)
    assert told


def test_the_reader_reads_and_cannot_write(servers: Servers, state: Path, spec: CitySpec) -> None:
    load_city(spec, servers.uris(*SOME), state)
    with mariadb(servers.mariadb.uri(READER)) as connection, connection.cursor() as cursor:
        assert cursor.execute("SELECT * FROM pengaduan") > 0
        with pytest.raises(pymysql.err.OperationalError, match="denied"):
            cursor.execute("DELETE FROM opd")
    with psycopg.connect(servers.postgres.uri("perizinan", READER)) as connection:
        assert connection.execute(f"SELECT 1 FROM {SCHEMA}.permohonan").fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"DELETE FROM {SCHEMA}.tahapan")


def test_latin1_names_come_out_whole(servers: Servers, state: Path, spec: CitySpec) -> None:
    truth = load_city(spec.model_copy(update={"citizens": 3000}), servers.uris(*SOME), state)
    dirt = truth.apps["laksa"]["pengguna"].dirt
    rows = dict(fetch("laksa", "SELECT id, nama FROM pengguna", servers.uris(*SOME)))
    assert dirt["signs_in_name"] and dirt["mangled_name"]
    assert all(not rows[id].isascii() for id in dirt["signs_in_name"])
    assert all("Ã" in rows[id] or "â€" in rows[id] for id in dirt["mangled_name"])
    assert not any("?" in name for name in rows.values())


def mariadb(uri: str) -> "pymysql.Connection[Any]":
    parts = urlsplit(uri)
    return pymysql.connect(
        host=parts.hostname,
        port=parts.port or 0,
        user=parts.username,
        password=parts.password or "",
        database=parts.path[1:],
        charset="utf8mb4",
    )


def fetch(app: str, query: str, uris: AppUris) -> Iterator[tuple[Any, ...]]:
    """Rows of an app's database."""
    uri = uris.uris[app]
    if uri.startswith("sqlite:"):
        with closing(sqlite3.connect(uri.removeprefix("sqlite:///"))) as file:
            rows = file.execute(query).fetchall()
    elif uri.startswith("mysql:"):
        with mariadb(uri) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            rows = list(cursor.fetchall())
    else:
        with psycopg.connect(uri) as connection:
            rows = connection.execute(query).fetchall()
    yield from rows


def assert_is_city(city: City, truth: Truth, uris: AppUris) -> None:
    """Every table holds exactly the rows of the city, and as many as the truth says."""
    for app in uris.uris:
        for table in city.tables[app]:
            name = f"{SCHEMA}.{table.name}" if app == "perizinan" else table.name
            expected = expected_rows(table)
            columns = ", ".join(table.render(table.ids[:0]).column_names)
            found = {plain(row) for row in fetch(app, f"SELECT {columns} FROM {name}", uris)}
            assert found == expected, f"{app}.{table.name}"
            assert truth.apps[app][table.name].rows == len(expected)


def expected_rows(table: Table) -> set[tuple[Any, ...]]:
    rows: set[tuple[Any, ...]] = set()
    for chunk in table.chunks():
        rows |= {plain(tuple(row.values())) for row in chunk.to_pylist()}
    return rows


def plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Values in a form that all three databases and the generator share."""
    return tuple(_plain(value) for value in row)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        local = value if value.tzinfo is None else value.astimezone(UTC).astimezone(JAKARTA)
        return f"{local:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and value.endswith("+07"):
        return value.removesuffix("+07")
    return value
