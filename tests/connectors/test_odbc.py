"""Databases read by ODBC: real servers and a real Access file, by Debian's drivers."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pymysql
import pytest

from connectors.extract import extract_app
from connectors.registry import App
from connectors.result import TableResult
from demo.mariadb import OWNER, READER
from demo.postgres import ADMIN
from kota.settings import Settings
from lake.engine import connect
from lake.table import LakeTable
from tests.connectors.access_file import (
    BOOL,
    DATETIME,
    DOUBLE,
    INT,
    LONG,
    MEMO,
    MONEY,
    OLE,
    TEXT,
    AccessTable,
    Value,
    write_access_file,
)
from tests.demo.conftest import Servers

pytestmark = pytest.mark.integration

LONG_TEXT = "José “Zé” 😀 " * 2_000
MARIADB_DRIVER = "/usr/lib/x86_64-linux-gnu/odbc/libmaodbc.so"

MARIADB_TABLES = """
create table surat (id int primary key, nama varchar(40), diubah datetime null);
insert into surat values (1, 'satu', '2026-01-01 08:00:00'), (2, 'dua', '2026-01-02 08:00:00'),
    (3, 'tiga', null);
create table `aneh ``tabel.é` (
    id bigint unsigned primary key, saldo decimal(20,4), hari date, saat datetime(6),
    waktu timestamp(6) null, tanda tinyint(1), lunas bit(1), bit8 bit(8), jam time, besar
    decimal(65,30), d double, jenis enum('a','b'), tahun year, teks longtext, latin varchar(40)
    character set latin1, berkas longblob, `select "x"` int unsigned
);
insert into `aneh ``tabel.é` values
    (18446744073709551615, 1234567890123456.7890, '2026-02-28', '9999-12-31 23:59:59.999999',
     '2026-01-01 00:30:00.123456', 2, b'1', b'10000001', '838:59:59',
     12345678901234567890123456789012345.123456789012345678901234567891, 0.1, 'b', 2026, %s,
     'Núñez', x'00ff', 4294967295),
    (1, -0.0001, '0000-00-00', '0001-01-01 00:00:00', null, 0, b'0', b'0', '-01:00:00', 1,
     null, 'a', 0, '', '', '', 0),
    (2, null, '2024-00-00', '1753-01-01 00:00:00', null, null, null, null, null, null, null, null,
     null, null, null, null, null)
"""

POSTGRES_TABLES = """
create schema izin; set search_path to izin;
create table surat (id int primary key, nama text, diubah timestamptz);
insert into surat values (1, 'satu', '2026-01-01 08:00:00+07'), (2, 'dua', '2026-01-02 08:00+07'),
    (3, 'tiga', null);
create type jenis as enum ('a', 'b');
create table "aneh ""tabel.é" (
    id uuid primary key, saldo numeric(20,4), bebas numeric, hari date, saat timestamptz,
    lokal timestamp, aktif boolean, teks text, kode char(7), bebas_teks varchar, jam time,
    jenis jenis, catatan jsonb, label text[], berkas bytea, besar numeric(60,20),
    d double precision, uang money, "select ""x"" é" bigint
);
insert into "aneh ""tabel.é" values
    ('00000000-0000-0000-0000-000000000001', 1234567890123456.7890, 12.123456789012345678,
     '2026-02-28', '2026-01-01 00:30:00+07', '2026-01-01 00:30:00.123456', true, %s, '36.71', %s,
     '24:00:00', 'b', '{"a": 1}', '{x,y}', '\\x00ff',
     1234567890123456789012345678901234567890.12345678901234567890, 0.1, '12.34',
     9223372036854775807),
    ('00000000-0000-0000-0000-000000000002', null, 'NaN', '0044-03-15 BC', null, null, false, '',
     null, null, null, null, null, null, '', null, 'Infinity', null, null)
"""

WARGA = {
    "ID": LONG,
    "Nama Lengkap": TEXT,
    "Catatan": MEMO,
    "Umur": INT,
    "Iuran": MONEY,
    "Berat": DOUBLE,
    "Lahir": DATETIME,
    "Aktif": BOOL,
    "Foto": OLE,
}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A MariaDB and a PostgreSQL server with the tables that are read."""
    servers = Servers(tmp_path_factory.mktemp("servers"))
    with ExitStack() as stack:
        stack.enter_context(servers.mariadb)
        stack.enter_context(servers.postgres)
        with closing(mariadb(servers)) as con, con.cursor() as cursor:
            for statement in MARIADB_TABLES.split(";"):
                cursor.execute(statement, (LONG_TEXT,) if "%s" in statement else None)
            con.commit()
        servers.postgres.create_database("izin")
        with psycopg.connect(servers.postgres.uri("izin")) as con_pg:
            for statement in POSTGRES_TABLES.split(";"):
                con_pg.execute(statement, (LONG_TEXT, LONG_TEXT) if "%s" in statement else None)
            con_pg.execute(
                "grant usage on schema izin to kota_reader;"
                "grant select on all tables in schema izin to kota_reader"
            )
        yield servers


@pytest.fixture
def uris(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The connections of the two servers by ODBC, as accounts that may only read."""
    uris = {
        "mariadb": servers.mariadb.uri(READER).replace("mysql:", "odbc:")
        + f"?driver={MARIADB_DRIVER}",
        "postgres": servers.postgres.uri("izin", "kota_reader").replace("postgresql:", "odbc:")
        + "?driver=PostgreSQL+Unicode",
    }
    for name, uri in uris.items():
        monkeypatch.setenv(f"KOTA_CONN_{name.upper()}", uri)
    return uris


def app(
    connection: str, source: str, politeness: dict[str, int] | None = None, **table: Any
) -> App:
    """An app with one table, called ``t`` in the lake."""
    entry = {"source": source, "key": ["id"], "mode": "snapshot", **table}
    return App.model_validate(
        {
            "app": "x",
            "name": "An app",
            "description": "For tests.",
            "department": "diskominfo",
            "owner": "x@kota.example",
            "tier": 3,
            "connection": connection,
            "timezone": "Asia/Jakarta",
            "schedule": "@daily",
            "freshness_hours": 24,
            "schema": "izin" if connection == "postgres" else None,
            "politeness": politeness or {},
            "tables": {"t": entry},
        }
    )


def extract(app: App, settings: Settings) -> TableResult:
    """One run of the one table, which succeeded."""
    (table,) = extract_app(app, settings).tables
    assert table.outcome != "failed", table.message
    return table


def failure(app: App, settings: Settings) -> str:
    """The sentence of a run that failed."""
    (table,) = extract_app(app, settings).tables
    assert table.outcome == "failed"
    assert "\n" not in table.message
    return table.message


def landed(settings: Settings, key: str = "id") -> list[dict[str, Any]]:
    """The rows in the lake in the order of their keys, without kota's own columns."""
    with connect(settings) as con:
        current = LakeTable(settings.lake_dir, "x", "t").current([key])
        rows = con.execute(
            f"select * exclude (_kota_batch, _kota_at, _kota_hash) from ({current}) "
            f'order by "{key}"'
        )
        names = [column[0] for column in rows.description or []]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


@pytest.mark.usefixtures("uris")
@pytest.mark.parametrize("database", ["mariadb", "postgres"])
def test_only_what_changed_lands(database: str, servers: Servers, settings: Settings) -> None:
    incremental = app(database, "surat", mode="incremental", cursor="diubah", lookback=3600)
    first, second = extract(incremental, settings), extract(incremental, settings)
    run(servers, database, "update surat set nama = 'dua!', diubah = '2026-03-01 08:00' where id=2")
    run(servers, database, "update surat set nama = 'tiga!' where id = 3")
    third = extract(incremental, settings)
    run(servers, database, "delete from surat where id = 1")
    fourth = extract(incremental, settings)

    assert (first.rows_landed, first.source_rows) == (3, 3)
    assert second.outcome == "unchanged"
    assert second.rows_read == 2  # the last one, and the one without a cursor value
    assert (third.rows_landed, third.rows_read) == (2, 2)
    assert (fourth.rows_landed, fourth.rows_deleted) == (0, 1)
    assert [(row["id"], row["nama"]) for row in landed(settings)] == [(2, "dua!"), (3, "tiga!")]


@pytest.mark.usefixtures("uris")
def test_mariadb_values_arrive_whole(settings: Settings) -> None:
    result = extract(app("mariadb", "aneh `tabel.é"), settings)
    second = extract(app("mariadb", "aneh `tabel.é"), settings)
    one, two, greatest = landed(settings)

    assert second.outcome == "unchanged"
    assert greatest == {
        "id": 18446744073709551615,
        "saldo": Decimal("1234567890123456.7890"),
        "hari": date(2026, 2, 28),
        "saat": datetime(9999, 12, 31, 16, 59, 59, 999999, UTC),
        "waktu": datetime(2026, 1, 1, 0, 30, 0, 123456, UTC),
        "tanda": 2,
        "lunas": True,
        "bit8": b"\x81",
        "jam": "838:59:59",
        "besar": "12345678901234567890123456789012345.123456789012345678901234567891",
        "d": 0.1,
        "jenis": "b",
        "tahun": 2026,
        "teks": LONG_TEXT,
        "latin": "Núñez",
        "berkas": b"\x00\xff",
        'select "x"': 4294967295,
    }
    assert (one["saldo"], one["hari"], one["jam"]) == (Decimal("-0.0001"), None, "-01:00:00")
    assert "(BC)" in one["saat"]  # in UTC the first year begins in the one before it
    assert (two["hari"], two["saat"].year) == (None, 1752)  # 1753 begins in UTC the year before
    assert result.rows_quarantined == 1  # 2024-00-00 is no date; the row landed without it


@pytest.mark.usefixtures("uris")
def test_postgresql_values_arrive_whole(settings: Settings) -> None:
    extract(app("postgres", 'aneh "tabel.é'), settings)
    second = extract(app("postgres", 'aneh "tabel.é'), settings)
    full, strange = landed(settings)

    assert second.outcome == "unchanged"
    assert full == {
        "id": "00000000-0000-0000-0000-000000000001",
        "saldo": Decimal("1234567890123456.7890"),
        "bebas": "12.123456789012345678",
        "hari": date(2026, 2, 28),
        "saat": datetime(2025, 12, 31, 17, 30, tzinfo=UTC),
        "lokal": datetime(2025, 12, 31, 17, 30, 0, 123456, UTC),
        "aktif": True,
        "teks": LONG_TEXT,
        "kode": "36.71  ",
        "bebas_teks": LONG_TEXT,
        "jam": "24:00:00",
        "jenis": "b",
        "catatan": '{"a": 1}',
        "label": "{x,y}",
        "berkas": b"\x00\xff",
        "besar": "1234567890123456789012345678901234567890.12345678901234567890",
        "d": 0.1,
        "uang": Decimal("12.34"),
        'select "x" é': 9223372036854775807,
    }
    assert (strange["bebas"], strange["aktif"], strange["d"]) == ("NaN", False, float("inf"))
    assert strange["hari"] is None, "a date before Christ is quarantined, not taken for AD 44"


@pytest.mark.usefixtures("uris")
def test_parts_are_read_by_key(servers: Servers, settings: Settings) -> None:
    run(servers, "postgres", "create table banyak as select generate_series(1, 2500) as id")
    run(servers, "postgres", "grant select on banyak to kota_reader")
    extract(app("postgres", "banyak", politeness={"part_rows": 1000}), settings)

    assert [row["id"] for row in landed(settings)] == list(range(1, 2501))


def test_an_access_file_arrives_whole(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "data warga.mdb"
    ani: list[Value] = [1, "José “Zé” Núñez", "Ć" * 5000, -3, Decimal("-1234.5678"), 0.1]
    ani += [datetime(1980, 1, 2, 3, 4, 5), True, b"\x00\xff" * 70_000]  # noqa: DTZ001
    budi: list[Value] = [2, None, None, None, None, None, datetime(1850, 1, 1), False, None]  # noqa: DTZ001
    write_access_file(file, [AccessTable("Data Warga", WARGA, [ani, budi])])
    monkeypatch.setenv("KOTA_CONN_BERKAS", f"access://{quote(str(file))}")
    warga = app("berkas", "Data Warga", key=["ID"], mode="incremental", cursor="ID", lookback=0)
    first, second = extract(warga, settings), extract(warga, settings)
    before = landed(settings, "ID")
    ani[3] = 40
    write_access_file(file, [AccessTable("Data Warga", WARGA, [ani, [3, "Cici", *budi[2:]]])])
    third = extract(warga, settings)

    assert (first.rows_landed, first.source_rows) == (2, 2)
    assert second.outcome == "unchanged"
    assert before == [
        {
            "ID": 1,
            "Nama Lengkap": "José “Zé” Núñez",
            "Catatan": "Ć" * 5000,
            "Umur": -3,
            "Iuran": Decimal("-1234.5678"),
            "Berat": 0.1,
            "Lahir": datetime(1980, 1, 1, 20, 4, 5, tzinfo=UTC),
            "Aktif": True,
            "Foto": b"\x00\xff" * 70_000,
        },
        {**dict.fromkeys(WARGA), "ID": 2, "Aktif": False},
    ]
    assert first.rows_quarantined == 1  # the driver can't say 1850; the row landed without it
    assert (third.rows_landed, third.rows_deleted) == (2, 1)
    assert [(r["ID"], r["Umur"]) for r in landed(settings, "ID")] == [(1, 40), (3, None)]


def test_a_text_that_the_access_driver_cuts_off_fails_the_table(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "panjang.mdb"
    rows = [[1, "x" * 20_000]]
    write_access_file(file, [AccessTable("warga", {"id": LONG, "catatan": MEMO}, rows)])
    monkeypatch.setenv("KOTA_CONN_BERKAS", f"access://{file}")

    assert "x.t has a text of over 16,383 bytes in column 'catatan'" in failure(
        app("berkas", "warga"), settings
    )
    without = app("berkas", "warga", columns={"catatan": {"policy": "drop"}})
    assert extract(without, settings).rows_landed == 1


@pytest.mark.parametrize("database", ["mariadb", "postgres"])
def test_a_wrong_password_is_one_sentence_without_it(
    database: str, uris: dict[str, str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = uris[database].replace("reader-secret", quote("Hunter2;}{'", safe=""))
    monkeypatch.setenv(f"KOTA_CONN_{database.upper()}", wrong)
    message = failure(app(database, "surat"), settings)

    assert message.startswith("x: can't connect to its database by ODBC at 127.0.0.1 as kota_")
    assert "Hunter2" not in message


@pytest.mark.parametrize(
    ("uri", "sentence"),
    [
        ("odbc://u:Hunter2@127.0.0.1:9/d?driver=PostgreSQL+Unicode", "Connection refused"),
        ("odbc://u:Hunter2@127.0.0.1:9/d?driver=NoSuch", "driver 'NoSuch' is not installed"),
        ("odbc://u:Hunter2@127.0.0.1:9/d", "add ?driver=… or ?dsn=… to the URI"),
        ("odbc://u:Hunter2@?dsn=nothing", "at nothing as u: "),
        ("mssql://u:Hunter2@127.0.0.1/d", "install tdsodbc (FreeTDS), or Microsoft's msodbcsql18"),
        ("access:///nothing/here.mdb", "there is no file /nothing/here.mdb"),
        ("oracle://u:Hunter2@127.0.0.1:9/d", "can't connect to its Oracle database at 127.0.0.1"),
    ],
)
def test_what_is_missing_is_named(
    uri: str, sentence: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_CONN_BERKAS", uri)
    message = failure(app("berkas", "surat"), settings)

    assert message.startswith("x: ")
    assert sentence in message
    assert "Hunter2" not in message


@pytest.mark.usefixtures("uris")
@pytest.mark.parametrize("database", ["mariadb", "postgres"])
def test_a_missing_table_leaves_the_others_alone(
    database: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    two = app(database, "nosuch")
    other = app(database, "surat").tables["t"]
    two.tables["ada"] = other
    missing, there = extract_app(two, settings).tables

    assert missing.message.startswith("x: can't read x.t: ")
    assert "nosuch" in missing.message
    assert there.rows_landed == there.source_rows
    assert not caplog.records


def run(servers: Servers, database: str, statement: str) -> None:
    """Change a source as its owner."""
    if database == "mariadb":
        with closing(mariadb(servers)) as con, con.cursor() as cursor:
            cursor.execute(statement)
            con.commit()
        return
    with psycopg.connect(servers.postgres.uri("izin", ADMIN), options="-csearch_path=izin") as con:
        con.execute(statement)


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
