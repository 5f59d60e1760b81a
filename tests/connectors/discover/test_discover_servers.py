"""The same ugly app in MariaDB and PostgreSQL, with what only those have."""

import getpass
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime, tzinfo
from pathlib import Path
from time import time

import psycopg
import pymysql
import pytest
from typer.testing import CliRunner

from connectors import check
from connectors.check import check_app
from connectors.extract import extract_app
from connectors.registry import load_app
from demo.mariadb import OWNER, READER
from demo.postgres import READER as POSTGRES_READER
from kota.cli import app as command
from kota.settings import Settings
from lake.engine import connect
from lake.table import LakeTable
from tests.connectors.discover import ugly
from tests.demo.conftest import Servers

pytestmark = pytest.mark.integration

MARIADB_ONLY = """
create table penduduk (`id` int primary key auto_increment, `nama` varchar(40), `lahir` date,
  `foto` blob, `titik` point, `cap` timestamp not null default current_timestamp
  on update current_timestamp) engine=MyISAM charset=latin1;
create table kunci (`kode` varchar(10) not null, `a` int not null, `b` int not null,
  unique key (`kode`), key (`a`)) comment 'Kode: a, b # "c"';
"""
POSTGRES_ONLY = """
create schema lain;
create table lain.x (a int);
create function touch() returns trigger language plpgsql as
  $$ begin new.kapan := now(); return new; end $$;
create table penduduk (id int generated always as identity primary key, nama text, "Nama" text);
create table warga (id uuid primary key default gen_random_uuid(), nama text,
  kapan timestamptz not null default now(), tag text[], rentang int4range);
create trigger touch before update on warga for each row execute function touch();
create table peristiwa (id int, hari date) partition by range (hari);
create table peristiwa_a partition of peristiwa for values from ('2020-01-01') to ('2030-01-01');
insert into warga (nama, kapan) select 'Siti ' || n, now() - n * interval '1 hour'
  from generate_series(1, 90) n;
insert into penduduk (nama) values ('a');
insert into peristiwa select 1, '2026-01-01';
create materialized view ringkasan as select count(*) from warga;
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Both servers with the ugly app."""
    servers = Servers(tmp_path_factory.mktemp("servers"))
    with ExitStack() as stack:
        stack.enter_context(servers.mariadb)
        stack.enter_context(servers.postgres)
        _fill_mariadb(servers)
        _fill_postgres(servers)
        yield servers


def _fill_mariadb(servers: Servers) -> None:
    socket = servers.mariadb._runtime_dir / "sock"  # type: ignore[operator]
    with (
        closing(
            pymysql.connect(unix_socket=str(socket), user=getpass.getuser(), database="laksa")
        ) as con,
        con.cursor() as cursor,
    ):
        cursor.execute("set sql_mode = ''")
        script = ugly.TABLES.format(q="`", time="datetime") + MARIADB_ONLY
        for statement in filter(str.strip, script.split(";\n")):
            cursor.execute(statement)
        for table, lines in ugly.rows():
            marks = ", ".join(["%s"] * len(lines[0]))
            cursor.executemany(f"insert into `{table}` values ({marks})", lines)
        cursor.executemany(
            "insert into penduduk (nama, lahir, foto, titik, cap) values "
            "(%s, %s, x'00ff', point(1, 2), %s)",
            [(f"Zoë {n}", "0000-00-00", f"2026-01-{n % 28 + 1:02d} 08:00:00") for n in range(60)],
        )
        cursor.executemany(
            "insert into kunci values (%s, %s, %s)", [(f"K{n}", n, n) for n in range(5)]
        )
        con.commit()


def _fill_postgres(servers: Servers) -> None:
    servers.postgres.create_database("simpeg")
    with psycopg.connect(servers.postgres.uri("simpeg")) as con:
        con.execute(ugly.TABLES.format(q='"', time="timestamp").encode())
        for table, lines in ugly.rows():
            marks = ", ".join(["%s"] * len(lines[0]))
            with con.cursor() as cursor:
                cursor.executemany(f'insert into "{table}" values ({marks})'.encode(), lines)
        con.execute(POSTGRES_ONLY.encode())
        con.execute(f"grant select on all tables in schema public to {POSTGRES_READER}".encode())
        con.execute(f"revoke select on antrean from {POSTGRES_READER}".encode())


@pytest.fixture(params=["mariadb", "postgres"])
def taken_in(
    request: pytest.FixtureRequest,
    servers: Servers,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[str, Path]:
    """The app as drafted by an account that may only read, its connection set."""
    uri = (
        servers.mariadb.uri(READER)
        if request.param == "mariadb"
        else servers.postgres.uri("simpeg", POSTGRES_READER)
    )
    # A sample that is smaller than the tables, so that what it suggests is proved at the source.
    options = ["--app", "simpeg", "--sample", "100"]
    done = CliRunner().invoke(command, ["sources", "discover", uri, *options])
    assert done.exit_code == 0, done.output
    assert "KOTA_CONN_SIMPEG='" in done.output
    assert ":***@127.0.0.1" in done.output
    assert "reader-secret" not in done.output
    monkeypatch.setenv("KOTA_CONN_SIMPEG", uri)
    return str(request.param), settings.apps_dir / "simpeg.yml"


def test_both_servers_are_drafted_and_taken_in(
    taken_in: tuple[str, Path], settings: Settings
) -> None:
    server, file = taken_in
    app, text = load_app(file), file.read_text("utf-8")
    proposed = {name: (t.key, t.mode, t.cursor) for name, t in app.tables.items()}
    expected = dict(ugly.TAKEN)
    if server == "mariadb":
        expected["penduduk"] = (["id"], "incremental", "cap")
        expected["kunci"] = (["kode"], "snapshot", None)
        assert "set at every change by the database (on update current_timestamp)" in text
        assert app.tables["kunci"].description == 'Kode: a, b # "c"'
    else:
        expected["warga"] = (["id"], "incremental", "kapan")
        expected["peristiwa"] = ([], "snapshot", None)
        del expected["antrean"]
        assert "# antrean: {key: [id], mode: snapshot}  # this account may not read it" in text
        assert "# its columns nama differ in upper and lower case only" in text
        assert "# ringkasan: {key: [], mode: snapshot}  # a view" in text
        assert "# Schema lain has 1 tables" in text
        assert "Cursor kapan: set at every change by a trigger" in text
    assert proposed == expected
    for reason in ugly.LEFT.values():
        assert f"# {reason}" in text
    assert not {value for value in ugly.values() if value in text}
    assert "reader-secret" not in text
    assert app.tables["pegawai"].columns["gaji"].personal == "spesifik"

    first, second = extract_app(app, settings), extract_app(app, settings)
    assert not first.failed, first.sentence()
    assert {table.outcome for table in second.tables} == {"unchanged"}
    for name in app.tables:
        table = next(entry for entry in first.tables if entry.table == name)
        with connect(settings) as con:
            state = LakeTable(settings.lake_dir, "simpeg", name).current(app.tables[name].key)
            (rows,) = con.execute(f"select count(*) from ({state})").fetchall()
        assert rows == (table.source_rows,)


def test_a_check_tells_an_account_that_may_write_and_a_zone_that_is_wrong(
    servers: Servers,
    taken_in: tuple[str, Path],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server, file = taken_in
    modest = check_app(load_app(file), settings)
    assert (modest.problems, modest.warnings, modest.may_write) == ([], [], [])
    assert abs(modest.clock_skew_seconds or 0) < 30
    assert {table.rows for table in modest.tables if table.table == "pegawai"} == {ugly.ROWS}

    owner = servers.mariadb.uri(OWNER) if server == "mariadb" else servers.postgres.uri("simpeg")
    monkeypatch.setenv("KOTA_CONN_SIMPEG", owner)
    _write_in_another_zone(servers, server)
    checked = check_app(load_app(file), settings)
    (warning,) = checked.warnings
    assert warning.startswith("the account may also ")
    assert "ask for one that may only read" in warning
    warnings = {table.table: table.warnings for table in checked.tables}["pegawai"]
    (zone,) = [warning for warning in warnings if "another zone" in warning]
    assert zone.startswith("diubah_pada goes on to 3.0 h from now in Asia/Jakarta")


@pytest.mark.parametrize(("seconds", "way"), [(-600, "ahead of"), (600, "behind")])
def test_a_check_tells_clocks_that_differ(
    taken_in: tuple[str, Path],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
    way: str,
) -> None:
    class OurClock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "OurClock":
            return cls.fromtimestamp(time() + seconds, tz)

    monkeypatch.setattr(check, "datetime", OurClock)
    checked = check_app(load_app(taken_in[1]), settings)

    assert 590 < abs(checked.clock_skew_seconds or 0) < 610
    (warning,) = checked.warnings
    assert re.fullmatch(rf"the server's clock is \d{{3}} s {way} ours", warning)


def _write_in_another_zone(servers: Servers, server: str) -> None:
    """Somebody registers now, by a clock three hours east of Jakarta."""
    if server == "mariadb":
        with closing(
            pymysql.connect(
                host="127.0.0.1",
                port=servers.mariadb.port,
                user=OWNER,
                password="owner-secret",
                database="laksa",
            )
        ) as con:
            con.cursor().execute(
                "update pegawai set diubah_pada = utc_timestamp() + interval 10 hour where id = 1"
            )
            con.commit()
        return
    with psycopg.connect(servers.postgres.uri("simpeg")) as con:
        con.execute(
            "update pegawai set diubah_pada = (now() at time zone 'UTC') + interval '10 hours' "
            "where id = 1"
        )
