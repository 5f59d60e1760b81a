"""Real databases, read by accounts that may only read: what lands is the city's truth."""

import getpass
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psutil
import psycopg
import pymysql
import pytest

from connectors.check import check_app
from connectors.extract import extract_app
from connectors.registry import App, load_app
from connectors.result import AppResult
from demo.environment import environment
from demo.loading import AppUris, advance_city, load_city
from demo.mariadb import OWNER, READER
from demo.spec import CitySpec
from demo.truth import Truth
from kota.settings import PROJECT_ROOT, Settings
from lake.engine import connect
from lake.table import LakeTable
from tests.conftest import TOKEN_KEY
from tests.demo.conftest import Servers

pytestmark = pytest.mark.integration

SPEC = CitySpec(citizens=500, seed=11, opened=date(2026, 6, 10))
APPS_DIR = PROJECT_ROOT / "connectors" / "apps"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A MariaDB and a PostgreSQL server."""
    with Servers(tmp_path_factory.mktemp("servers")).running() as servers:
        yield servers


@dataclass(frozen=True)
class Story:
    """Three runs: on the opening day, again without a change, and after a day has passed."""

    settings: Settings
    opening: Truth
    next_day: Truth
    runs: dict[str, list[AppResult]]

    def rows(self, app: str, table: str, columns: str) -> list[tuple[Any, ...]]:
        """Rows of the current state in the lake, in order."""
        key = registered(app).tables[table].key
        current = LakeTable(self.settings.lake_dir, app, table).current(key)
        with connect(self.settings) as con:
            return con.execute(f"select {columns} from ({current}) order by all").fetchall()


@pytest.fixture(scope="module")
def stories(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Story]:
    """The same city twice: LAKSA in MariaDB, and LAKSA in an SQLite file."""
    told = {}
    for engine in ("mariadb", "sqlite"):
        folder = tmp_path_factory.mktemp(engine)
        file = f"sqlite:///{folder / 'laksa.sqlite'}"
        servers.postgres.create_database(engine)
        uris = AppUris(
            {
                "laksa": servers.mariadb.uri(OWNER) if engine == "mariadb" else file,
                "perizinan": servers.postgres.uri(engine),
            }
        )
        readers = {
            "KOTA_CONN_LAKSA": servers.mariadb.uri(READER) if engine == "mariadb" else file,
            "KOTA_CONN_PERIZINAN": servers.postgres.uri(engine, READER),
            "KOTA_TOKEN_KEY": TOKEN_KEY,
        }
        settings = Settings(home=folder / "home")
        apps = [registered(name) for name in ("laksa", "perizinan")]
        with environment(readers):
            opening = load_city(SPEC, uris, folder / "state")
            runs = {
                app.app: [extract_app(app, settings), extract_app(app, settings)] for app in apps
            }
            next_day = advance_city(uris, folder / "state")
            for app in apps:
                runs[app.app].append(extract_app(app, settings))
        told[engine] = Story(settings, opening, next_day, runs)
    return told


@pytest.fixture(params=["mariadb", "sqlite"])
def story(request: pytest.FixtureRequest, stories: dict[str, Story]) -> Story:
    return stories[request.param]


def registered(app: str) -> App:
    return load_app(APPS_DIR / f"{app}.yml")


@pytest.mark.parametrize("app", ["laksa", "perizinan"])
def test_the_first_run_lands_everything_and_the_second_nothing(story: Story, app: str) -> None:
    first, second, _ = story.runs[app]

    assert not first.failed, first.sentence()
    expected = {name: table.rows for name, table in story.opening.apps[app].items()}
    assert {t.table: t.rows_landed for t in first.tables} == expected
    assert {t.table: t.source_rows for t in first.tables} == expected
    assert {t.outcome for t in second.tables} == {"unchanged"}
    assert second.sentence() == f"{app}: no change at the source, nothing landed"


@pytest.mark.parametrize("app", ["laksa", "perizinan"])
def test_after_a_day_exactly_what_changed_lands(story: Story, app: str) -> None:
    third = story.runs[app][2]
    assert not third.failed, third.sentence()
    for table in third.tables:
        truth = story.next_day.apps[app][table.table]
        key = registered(app).tables[table.table].key[0]
        with connect(story.settings) as con:
            log = LakeTable(story.settings.lake_dir, app, table.table).relation()
            landed = con.execute(
                f"select _kota_op, {key} from {log} where _kota_batch > 1"
            ).fetchall()
        assert sorted(k for op, k in landed if op == "upsert") == sorted(
            truth.inserted + truth.changed
        ), table.table
        assert sorted(k for op, k in landed if op == "delete") == sorted(truth.deleted), table.table
        assert not table.message  # none of it took a second reading
    moved = story.next_day.apps["laksa"]["pengaduan"]
    assert moved.inserted and moved.changed and moved.deleted


@pytest.mark.parametrize("table", registered("laksa").tables)
def test_both_engines_of_laksa_give_the_same_state(stories: dict[str, Story], table: str) -> None:
    mariadb, sqlite = (
        stories[engine].rows("laksa", table, "* exclude (_kota_at)")
        for engine in ("mariadb", "sqlite")
    )

    assert mariadb == sqlite  # the row hashes included
    assert mariadb


def test_text_of_an_old_charset_arrives_whole(stories: dict[str, Story], servers: Servers) -> None:
    with closing(mariadb(servers)) as con, con.cursor() as cursor:
        cursor.execute("select id, nama from pengguna order by id")
        stored = list(cursor.fetchall())

    assert stories["mariadb"].rows("laksa", "pengguna", "id, nama") == stored
    assert any(not name.isascii() for _, name in stored)


WIDE_TABLE = """
drop table if exists aneh;
create table aneh (
    id bigint unsigned primary key, saldo decimal(20,4), hari date, saat datetime,
    tanda tinyint(1), nama varchar(40) character set latin1, jam time, jenis enum('a','b'),
    catatan json, berkas blob, lunas bit(1), tahun year
);
insert into aneh values
    (18446744073709551615, 1234567890123456.7890, '2026-02-28', '2026-01-01 00:30:00', 2,
     'José “Zé” Núñez', '23:59:58', 'b', '{"a": 1}', x'00ff', b'1', 2026),
    (1, -0.0001, '0000-00-00', '0000-00-00 00:00:00', 0, '', '-01:00:00', 'a', null, null, b'0', 0),
    (2, null, '2024-00-00', '2024-05-00 10:00:00', null, null, null, null, null, null, null, null)
"""


def test_mariadb_types_arrive_as_they_are_meant(
    servers: Servers, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(mariadb(servers)) as con, con.cursor() as cursor:
        for statement in WIDE_TABLE.split(";"):
            cursor.execute(statement)
        con.commit()
    monkeypatch.setenv("KOTA_CONN_LAKSA", servers.mariadb.uri(READER))
    result = extract_app(one_table("laksa", "aneh"), settings)

    assert not result.failed, result.sentence()
    assert landed(settings, "laksa", "aneh", "* exclude (_kota_batch, _kota_at, _kota_hash)") == [
        (1, Decimal("-0.0001"), None, None, 0, "", "-01:00:00", "a", None, None, False, 0),
        (2, None, None, None, None, None, None, None, None, None, None, None),
        (
            18446744073709551615,
            Decimal("1234567890123456.7890"),
            date(2026, 2, 28),
            datetime(2025, 12, 31, 17, 30, tzinfo=UTC),
            2,
            "José “Zé” Núñez",
            "23:59:58",
            "b",
            '{"a": 1}',
            b"\x00\xff",
            True,
            2026,
        ),
    ]


WIDE_RELATION = """
drop schema if exists izin cascade; create schema izin;
create type izin.jenis as enum ('a', 'b');
create table izin.aneh (
    id uuid primary key, saldo numeric(20,4), bebas numeric, hari date, saat timestamptz,
    lokal timestamp, aktif boolean, nama text, kode char(7), jam time, jenis izin.jenis,
    catatan jsonb, label text[], berkas bytea, selang interval
);
insert into izin.aneh values (
    '0b3fdc44-6a4b-4d6c-9a52-0c8f3d6f1a11', 1234567890123456.7890, 12.5, '2026-02-28',
    '2026-01-01 00:30:00+07', '2026-01-01 00:30:00', true, 'José “Zé” Núñez', '36.71', '23:59:58',
    'b', '{"a": 1}', '{x,y}', '\\x00ff', '1 day'
), ('0b3fdc44-6a4b-4d6c-9a52-0c8f3d6f1a12', null, null, null, null, null, null, null, null, null,
    null, null, null, null, null
);
grant usage on schema izin to kota_reader; grant select on all tables in schema izin to kota_reader
"""


def test_postgresql_types_arrive_as_they_are_meant(
    servers: Servers, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.postgres.create_database("types")
    with psycopg.connect(servers.postgres.uri("types")) as con:
        con.execute(WIDE_RELATION)
    monkeypatch.setenv("KOTA_CONN_PERIZINAN", servers.postgres.uri("types", READER))
    result = extract_app(one_table("perizinan", "aneh"), settings)

    assert not result.failed, result.sentence()
    full, empty = landed(
        settings, "perizinan", "aneh", "* exclude (_kota_batch, _kota_at, _kota_hash)"
    )
    assert full == (
        "0b3fdc44-6a4b-4d6c-9a52-0c8f3d6f1a11",
        Decimal("1234567890123456.7890"),
        "12.5",
        date(2026, 2, 28),
        datetime(2025, 12, 31, 17, 30, tzinfo=UTC),
        datetime(2025, 12, 31, 17, 30, tzinfo=UTC),
        True,
        "José “Zé” Núñez",
        "36.71",
        "23:59:58",
        "b",
        '{"a": 1}',
        '["x","y"]',
        b"\x00\xff",
        "1 day",
    )
    assert set(empty[1:]) == {None}


@pytest.mark.parametrize("app", ["laksa", "perizinan"])
def test_a_wrong_password_is_one_sentence_without_it(
    servers: Servers, settings: Settings, monkeypatch: pytest.MonkeyPatch, app: str
) -> None:
    right = servers.mariadb.uri() if app == "laksa" else servers.postgres.uri("postgres", READER)
    monkeypatch.setenv(f"KOTA_CONN_{app.upper()}", right.replace("reader-secret", "Hunter2-x"))
    result = extract_app(registered(app), settings)
    checks = check_app(registered(app), settings).tables

    messages = {table.message for table in result.tables} | {check.problem for check in checks}
    (message,) = messages
    assert message.startswith(f"{app}: can't connect to its ")
    assert "kota_reader" in message
    assert "Hunter2" not in message
    assert "\n" not in message


def test_mariadb_is_asked_for_new_rows_only(
    servers: Servers, stories: dict[str, Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_CONN_LAKSA", servers.mariadb.uri(READER))
    with closing(superuser(servers)) as con, con.cursor() as cursor:
        cursor.execute("set global log_output = 'TABLE'")
        cursor.execute("set global general_log = on")
        extract_app(registered("laksa"), stories["mariadb"].settings)
        cursor.execute("set global general_log = off")
        cursor.execute("select argument from mysql.general_log")
        queries = {query for (query,) in cursor.fetchall() if "`laksa`.`pengaduan`" in query}

    reads = {query for query in queries if "`isi`" in query}
    assert reads
    assert all("`updated_at`" in query.partition(" where ")[2] for query in reads)


def test_postgresql_is_asked_for_new_rows_only(
    servers: Servers, stories: dict[str, Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_CONN_PERIZINAN", servers.postgres.uri("mariadb", READER))
    with psycopg.connect(servers.postgres.uri("postgres"), autocommit=True) as con:
        con.execute(f"alter role {READER} set log_statement = 'all'")
        known = servers.postgres.log.stat().st_size
        extract_app(registered("perizinan"), stories["mariadb"].settings)
        con.execute(f"alter role {READER} reset log_statement")
    text = servers.postgres.log.read_bytes()[known:].decode()
    queries = [line for line in text.splitlines() if '"permohonan"' in line and "COPY" in line]

    (rows,) = [query for query in queries if '"status"' in query]
    assert 'where "diubah_pada" >= ' in rows


def one_table(app: str, table: str) -> App:
    """The registered app with one table of another kind."""
    entry = registered("laksa").tables["opd"]
    return registered(app).model_copy(update={"tables": {table: entry}})


def landed(settings: Settings, app: str, table: str, columns: str) -> list[tuple[Any, ...]]:
    with connect(settings) as con:
        current = LakeTable(settings.lake_dir, app, table).current(["id"])
        return con.execute(f"select {columns} from ({current}) order by id").fetchall()


def mariadb(servers: Servers) -> "pymysql.Connection[Any]":
    """LAKSA's own connection."""
    return pymysql.connect(
        host="127.0.0.1",
        port=servers.mariadb.port,
        user=OWNER,
        password="owner-secret",
        database="laksa",
        charset="utf8mb4",
        sql_mode="NO_ENGINE_SUBSTITUTION",
    )


def superuser(servers: Servers) -> "pymysql.Connection[Any]":
    """The server's own administrator, who comes in by its socket only."""
    assert servers.mariadb.process is not None
    arguments = psutil.Process(servers.mariadb.process.pid).cmdline()
    socket = next(a for a in arguments if a.startswith("--socket=")).removeprefix("--socket=")
    return pymysql.connect(unix_socket=socket, user=getpass.getuser(), autocommit=True)
