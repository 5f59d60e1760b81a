"""Every PostgreSQL type, from a real server into the lake: what survives, and what is lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from time import sleep
from typing import Any

import psycopg
import pytest
from psycopg import sql

from connectors.reader import KeyRange, SourceError
from connectors.technologies import open_reader
from demo.ports import Ports
from demo.postgres import READER, PostgresServer
from kota.settings import Settings
from tests.connectors.legacy_postgres import Office
from tests.connectors.types_table import TypeRow, check_section

pytestmark = pytest.mark.integration

PREPARED = """
create type suasana as enum ('sedih', 'senang');
create type alamat as (jalan text, rt int);
create domain rupiah as numeric(15, 2) check (value >= 0);
create domain uang_pas as rupiah;
"""


@dataclass(frozen=True)
class Case:
    """A value of a type, and what of it is in the lake."""

    type: str
    value: str
    landed: Any
    lost: str = "nothing"
    rule: str | None = None
    """Why the value is in the quarantine instead."""


NUMBERS = count(1)
GONE = {"landed": None, "rule": "undecodable_value"}
OUT = "the value: it is in the quarantine, the column is NULL"
CASES = [
    Case("smallint", "-32768", -32768),
    Case("integer", "2147483647", 2147483647),
    Case("bigint", "-9223372036854775808", -9223372036854775808),
    Case("oid", "4294967295", 4294967295),
    Case("real", "0.1", 0.1),
    Case("real", "-Infinity", float("-inf")),
    Case("double precision", "1e-300", 1e-300),
    Case("numeric(20,4)", "1234567890123456.7891", Decimal("1234567890123456.7891")),
    Case("numeric(10,2)", "NaN", lost=OUT, **GONE),
    Case("numeric(5,-2)", "12345", Decimal("12300")),
    Case("numeric(2,4)", "0.0099", Decimal("0.0099")),
    Case("numeric(50,10)", "1" * 40 + ".0123456789", "1" * 40 + ".0123456789"),
    Case(
        "numeric",
        "0.10000000000000000000000000000000000000000001",
        "0.10000000000000000000000000000000000000000001",
        "that it is a number: give it a DECIMAL in the registry",
    ),
    Case("numeric", "NaN", "NaN", "that it is a number: give it a DECIMAL in the registry"),
    Case("money", "-1234567.89", Decimal("-1234567.89"), "the currency sign"),
    Case("boolean", "true", True),
    Case("text", 'José “Zé” \t\n\\ "x"', 'José “Zé” \t\n\\ "x"'),
    Case("varchar(40)", "", ""),
    Case("char(7)", "36.71", "36.71", "the blanks it is filled up with"),
    Case('"char"', "x", "x"),
    Case("name", "tabel", "tabel"),
    Case("bytea", "\\x00ff", b"\x00\xff"),
    Case("date", "2026-02-28", date(2026, 2, 28)),
    Case("date", "infinity", lost=OUT, **GONE),
    Case("date", "0044-03-15 BC", lost=OUT, **GONE),
    Case("date", "20225-01-01", lost=OUT, **GONE),
    Case(
        "timestamp",
        "2026-01-01 00:30:00.123456",
        datetime(2025, 12, 31, 17, 30, 0, 123456, UTC),
    ),
    Case("timestamp", "9999-12-31 23:59:59", datetime(9999, 12, 31, 16, 59, 59, 0, UTC)),
    Case("timestamp", "-infinity", lost=OUT, **GONE),
    Case(
        "timestamptz",
        "2026-01-01 00:30:00+07",
        datetime(2025, 12, 31, 17, 30, tzinfo=UTC),
        "the zone it was written in (PostgreSQL does not keep it either)",
    ),
    Case("timestamptz", "infinity", lost=OUT, **GONE),
    Case("time", "24:00:00", "24:00:00"),
    Case("timetz", "23:59:58.5+07", "23:59:58.5+07"),
    Case("interval", "1 year -2 days 03:04:05.678", "1 year -2 days +03:04:05.678"),
    Case("uuid", "0B3FDC44-6A4B-4D6C-9A52-0C8F3D6F1A11", "0b3fdc44-6a4b-4d6c-9a52-0c8f3d6f1a11"),
    Case("json", '{"a":  [1, null], "a": 2}', '{"a":  [1, null], "a": 2}'),
    Case("jsonb", '{"b": 1.50, "a": null}', '{"a": null, "b": 1.50}'),
    Case("suasana (enum)", "senang", "senang"),
    Case("uang_pas (domain of a domain)", "1500000.50", Decimal("1500000.50")),
    Case("alamat (composite)", '("Jl. Merdeka, 1",7)', '{"jalan":"Jl. Merdeka, 1","rt":7}'),
    Case("text[]", '{x,NULL,"y,z"}', '["x",null,"y,z"]', "index bounds that don't start at 1"),
    Case("integer[][]", "{{1,2},{3,4}}", "[[1,2],[3,4]]", "index bounds that don't start at 1"),
    Case("int4range", "[1,10]", "[1,11)"),
    Case("tstzrange", "[2026-01-01 07:00+07,)", '["2026-01-01 00:00:00+00",)'),
    Case("datemultirange", "{[2026-01-01,2026-02-01)}", "{[2026-01-01,2026-02-01)}"),
    Case("inet", "10.0.0.1/24", "10.0.0.1/24"),
    Case("cidr", "10.0.0.0/8", "10.0.0.0/8"),
    Case("macaddr", "08:00:2b:01:02:03", "08:00:2b:01:02:03"),
    Case("bit(4)", "0101", "0101"),
    Case("bit varying", "010", "010"),
    Case("tsvector", "'jalan':1 'rusak':2", "'jalan':1 'rusak':2"),
    Case("point", "(106.63,-6.17)", "(106.63,-6.17)"),
    Case("line", "{1,2,3}", "{1,2,3}"),
    Case("lseg", "[(0,0),(1,1)]", "[(0,0),(1,1)]"),
    Case("box", "(1,1),(0,0)", "(1,1),(0,0)"),
    Case("path", "[(0,0),(1,1)]", "[(0,0),(1,1)]"),
    Case("polygon", "((0,0),(1,1),(1,0))", "((0,0),(1,1),(1,0))"),
    Case("circle", "<(0,0),2>", "<(0,0),2>"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL server of its own."""
    folder = tmp_path_factory.mktemp("postgres")
    server = PostgresServer(
        folder / "data",
        Ports.free().postgres,
        admin_password="admin-secret",
        reader_password="reader-secret",
        log=folder / "postgres.log",
    )
    with server:
        yield server


@pytest.fixture
def office(
    server: PostgresServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Office:
    """An empty database for one test."""
    database = f"d{next(NUMBERS)}"
    server.create_database(database)
    monkeypatch.setenv("KOTA_CONN_KANTOR", server.uri(database, READER))
    return Office(server, settings, database)


def test_every_type_survives_or_says_why_not(office: Office) -> None:
    columns = [f"c{place} {case.type.split(' (')[0]}" for place, case in enumerate(CASES)]
    with office.admin() as con:
        con.execute(PREPARED)
        con.execute(f"create table t (id int primary key, {', '.join(columns)})")
        values = sql.SQL(", ").join(sql.Literal(case.value) for case in CASES)
        con.execute(sql.SQL("insert into t values (1, {})").format(values))
        con.execute("insert into t (id) values (2)")
        con.execute(f"grant select on t to {READER}")
    result = office.extract()

    assert not result.failed, result.sentence()
    names = ", ".join(f"c{place}" for place in range(len(CASES)))
    full, empty = office.current("t", f"id, {names}")
    assert list(full[1:]) == [case.landed for case in CASES]
    assert set(empty[1:]) == {None}
    ((rule, reason, raw),) = office.quarantined()
    assert rule == "undecodable_value"
    gone = [f"c{place}" for place, case in enumerate(CASES) if case.rule]
    assert reason.split(": ")[1].split(", ") == gone
    assert "infinity" in raw and "NaN" in raw and "20225-01-01" in raw

    ((*types,), _) = office.current("t", ", ".join(f"typeof(c{p})" for p in range(len(CASES))))
    check_section(
        "postgres",
        [
            TypeRow(
                f"`{case.type}`",
                f"`{case.value!r}`" if case.value != case.value.strip() else f"`{case.value}`",
                f"{kind} `{case.landed}`" if case.landed is not None else f"{kind}, NULL",
                case.lost,
            )
            for case, kind in zip(CASES, types, strict=True)
        ],
    )


def test_any_kind_of_table_with_any_name(office: Office) -> None:
    office.run(
        'create schema "Skema Lama"; create table "Skema Lama"."select.Tabel ""é""" '
        '("Id" int primary key, "kolom. ""x""" text, "from" numeric(5,2));'
        'insert into "Skema Lama"."select.Tabel ""é""" values (1, \'a\', 1.5);'
        "create table bagian (id int, n numeric(5,2)) partition by range (id);"
        "create table bagian_1 partition of bagian for values from (0) to (10);"
        "create table bagian_2 partition of bagian for values from (10) to (20);"
        "insert into bagian values (1, 1.5), (11, 'NaN');"
        "create view pandang as select * from bagian; "
        "create materialized view simpan as select * from bagian;"
        f'grant usage on schema "Skema Lama" to {READER};'
        f'grant select on all tables in schema "Skema Lama" to {READER}'
    )
    table = {"key": ["id"], "mode": "snapshot"}
    names = ("bagian", "pandang", "simpan")
    odd = {"source": 'Skema Lama.select.Tabel "é"', "key": ["Id"], "mode": "snapshot"}
    office.app_of(odd=odd, **dict.fromkeys(names, table))
    result = office.extract()

    assert not result.failed, result.sentence()
    assert office.current("odd", '"Id", "kolom. ""x""", "from"') == [(1, "a", Decimal("1.50"))]
    for name in names:
        assert office.current(name, "id, n") == [(1, Decimal("1.50")), (11, None)]


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_text_of_a_database_that_is_not_utf8(
    office: Office, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.database = encoding.lower()
    with psycopg.connect(office.server.uri("postgres"), autocommit=True) as con:
        con.execute(
            f"create database {office.database} encoding '{encoding}' locale 'C' template template0"
        )
    monkeypatch.setenv("KOTA_CONN_KANTOR", office.server.uri(office.database, READER))
    with office.admin() as con:
        con.execute(f"set client_encoding = '{encoding}'")
        con.execute(b"create table t (id int, nama text); insert into t values (1, 'Jos\xe9')")
        if encoding == "SQL_ASCII":
            con.execute("insert into t values (2, 'José')".encode())
        con.execute(f"grant select on t to {READER}".encode())
    result = office.extract()

    assert not result.failed, result.sentence()
    assert {nama for _, nama in office.current("t", "id, nama")} == {"José"}


def test_a_number_type_in_the_registry_makes_text_a_number(office: Office) -> None:
    office.run("create table t (id int, n numeric); insert into t values (1, 12.50), (2, 'NaN')")
    columns = {"n": {"type": "DECIMAL(20,4)"}}
    office.app_of(t={"key": ["id"], "mode": "snapshot", "columns": columns})

    assert not office.extract().failed
    assert office.current("t", "id, n") == [(1, Decimal("12.5000")), (2, None)]


def test_values_that_come_later_are_told_too(office: Office) -> None:
    office.run(
        "create table t (id int primary key, n numeric(5,2), d date, pada timestamp);"
        "insert into t values (1, 0, '2026-01-01', '2026-01-01'), (2, 1, null, '2026-01-01')"
    )
    office.app_of(t={"key": ["id"], "mode": "incremental", "cursor": "pada"})
    assert not office.extract().failed
    office.run("insert into t values (3, 'NaN', '2026-01-01', '2026-01-02')")
    assert not office.extract().failed
    office.run("insert into t values (4, 5, 'infinity', '2026-01-03')")
    assert not office.extract().failed

    day = date(2026, 1, 1)
    rows = [(1, Decimal(0), day), (2, Decimal(1), None), (3, None, day), (4, Decimal(5), None)]
    assert sorted(office.current("t", "id, n, d")) == rows
    assert [rule for rule, *_ in office.quarantined()] == ["undecodable_value"] * 2


CHANGES = """
create table t (id int primary key, nama text, pada timestamp);
insert into t select i, 'warga', case when i > 3 then timestamp '2026-01-01' + i * interval '1 day'
end from generate_series(1, 20000) i;
create index on t (pada); analyze t
"""


def test_the_server_filters_and_also_gives_rows_without_a_cursor(office: Office) -> None:
    office.run(CHANGES)
    app = office.app_of(t={"key": ["id"], "mode": "incremental", "cursor": "pada"})
    since = "2080-09-30 00:00:00"
    with office.admin() as con:
        con.execute(f"alter role {READER} set log_statement = 'all'")
        with open_reader(app, office.settings) as reader:
            columns = [column for column in reader.describe("t") if column.name != "nama"]
            changed = rows(reader.read("t", columns, since))
            part = rows(reader.read("t", columns, None, KeyRange("id", None, 2)))
            later = rows(reader.read("t", columns, None, KeyRange("id", 19999, None)))
            bounds = reader.bounds("t", "id")
        con.execute(f"alter role {READER} reset log_statement")
        expected = con.execute(
            f"select id from t where pada >= '{since}' or pada is null order by id"
        ).fetchall()
    log = office.server.log.read_text("utf-8")
    copied = [line for line in log.splitlines() if "COPY" in line and office_rows(line)]

    assert [row[0] for row in changed] == [row[0] for row in expected]
    assert 3 < len(changed) < 100
    assert [row[0] for row in part] == [1, 2] and [row[0] for row in later] == [20000]
    assert bounds == (1, 20000)
    assert len(copied) == 3 and not any('"nama"' in line for line in copied)
    statement = copied[0].split("COPY (", 1)[1].rsplit(") TO STDOUT", 1)[0]
    with office.admin() as con:
        plan = "\n".join(line for (line,) in con.execute(f"explain {statement}"))  # type: ignore[arg-type]
    assert "Index Scan" in plan and "Seq Scan" not in plan


def test_a_session_sees_one_moment_by_one_polite_connection(office: Office) -> None:
    office.run(
        "create table t as select i as id from generate_series(1, 200000) i;"
        "create table u (id int); insert into u values (1); analyze t"
    )
    table = {"key": ["id"], "mode": "snapshot"}
    app = office.app_of(politeness={"statement_timeout_seconds": 7}, t=table, u=table)
    ours = "from pg_stat_activity where application_name = 'kota'"
    with open_reader(app, office.settings) as reader, office.admin() as con:
        assert reader.count("u") == 1
        con.execute("insert into u values (2)")
        stream = reader.read("t", reader.describe("t"), None)
        next(stream)
        assert con.execute(f"select count(*) {ours}").fetchone() == (1,)
        stream.close()
        assert reader.count("u") == 1
        assert rows(reader.read("u", reader.describe("u"), None)) == [(1,)]
        settings = "statement_timeout', 'transaction_read_only', 'transaction_isolation"
        said = reader._rows(  # type: ignore[attr-defined]
            "u",
            "select s, current_setting(s) as v from unnest(array['"
            + "', '".join(settings.split("', '"))
            + "']) s",
        )
    assert dict(said) == {
        "statement_timeout": "7s",
        "transaction_read_only": "on",
        "transaction_isolation": "repeatable read",
    }


def test_a_statement_that_takes_too_long_is_stopped_and_others_go_on(office: Office) -> None:
    office.run(
        "create view lambat as select 1 as id, pg_sleep(20)::text as s;"
        "create table u (id int); insert into u values (1)"
    )
    table = {"key": ["id"], "mode": "snapshot"}
    office.app_of(politeness={"statement_timeout_seconds": 1}, lambat=table, u=table)
    slow, other = office.extract().tables

    assert slow.outcome == "failed"
    assert slow.message.endswith("canceling statement due to statement timeout")
    assert other.rows_landed == 1


def test_busy_counts_the_statements_of_others(office: Office, server: PostgresServer) -> None:
    app = office.app_of(t={"key": ["id"], "mode": "snapshot"})
    with open_reader(app, office.settings) as reader:
        assert reader.busy() is None
        with office.admin() as con, psycopg.connect(server.uri(office.database)) as busy:
            con.execute(f"grant pg_read_all_stats to {READER}")
            before = reader.busy()
            with ThreadPoolExecutor(1) as pool:
                sleeping = pool.submit(busy.execute, "select pg_sleep(1)")
                sleep(0.3)
                assert (before, reader.busy()) == (0, 1)
                sleeping.result()
            con.execute(f"revoke pg_read_all_stats from {READER}")


def test_a_table_that_can_not_be_read_leaves_the_others_alone(office: Office) -> None:
    office.run(
        "create table ada (id int); insert into ada values (1); create table rahasia (id int)"
    )
    office.run("create view rusak as select 1 as id, (1 / (random() * 0)::int) as n")
    with office.admin() as con:
        con.execute(f"revoke all on rahasia from {READER}")
    names = ("rahasia", "tiada", "rusak", "ada")
    office.app_of(**{name: {"key": ["id"], "mode": "snapshot"} for name in names})
    denied, missing, broken, sound = office.extract().tables

    assert denied.message == (
        "kantor.rahasia: the account 'kota_reader' may not read public.rahasia; "
        "it needs USAGE on the schema and SELECT on the table"
    )
    assert missing.message == (
        "kantor.tiada: the database has no table 'tiada' in schema 'public'; "
        "correct source or schema in kantor.yml"
    )
    assert "division by zero" in broken.message and "select" not in broken.message.lower()
    assert sound.rows_landed == 1


def test_a_lost_connection_costs_one_table(office: Office, settings: Settings) -> None:
    office.run(
        "create table t as select i as id, repeat('x', 500) as s from generate_series(1, 100000) i"
    )
    app = office.app_of(politeness={"batch_rows": 1000}, t={"key": ["id"], "mode": "snapshot"})
    with open_reader(app, settings) as reader, office.admin() as con:
        stream = reader.read("t", reader.describe("t"), None)
        next(stream)
        con.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kota'"
        )
        with pytest.raises(SourceError, match=r"^kantor: reading kantor\.t broke off: ") as lost:
            list(stream)
        assert "\n" not in str(lost.value) and "secret" not in str(lost.value)
        assert reader.count("t") == 100000


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            ("reader-secret", "Hunter2-x"),
            "the server refused account 'kota_reader'; check user and password of connection "
            "'kantor'",
        ),
        (("/d", "/tiada"), "there is no database 'tiada"),
        (("127.0.0.1:", "127.0.0.1:1"), ""),
    ],
)
def test_no_connection_is_one_sentence_without_the_password(
    office: Office, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], words: str
) -> None:
    uri = office.server.uri(office.database, READER)
    uri = (
        f"postgresql://kota_reader:reader-secret@127.0.0.1:1/{office.database}"
        if not words
        else uri
    )
    monkeypatch.setenv("KOTA_CONN_KANTOR", uri.replace(*change) if words else uri)
    (table,) = office.extract().tables

    assert table.message.startswith("kantor: can't connect to its PostgreSQL database: ")
    assert (words or "nothing answers at 127.0.0.1:1; check the address") in table.message
    assert "\n" not in table.message
    assert "Hunter2" not in table.message and "secret" not in table.message


def rows(batches: Iterator[Any]) -> list[tuple[Any, ...]]:
    """The rows of a stream, in order."""
    return sorted(tuple(row.values()) for batch in batches for row in batch.to_pylist())


def office_rows(line: str) -> bool:
    """Whether a line of the server's log reads rows of the table t."""
    return '"public"."t" where' in line


def test_a_key_that_the_source_has_twice_lands_once(office: Office) -> None:
    office.run("create table t (id int, n int); insert into t values (3, 1), (1, 2), (3, 1)")
    office.app_of(t={"key": ["id"], "mode": "snapshot"})
    (table,) = office.extract().tables

    assert (table.rows_landed, table.source_rows) == (2, 3)
    assert office.current("t", "id, n") == [(1, 2), (3, 1)]
