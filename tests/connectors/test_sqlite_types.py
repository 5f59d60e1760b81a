"""Any type in any SQLite column, from real files into the lake: what survives, what is lost."""

import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from connectors.extract import extract_app
from connectors.reader import KeyRange
from connectors.registry import App
from connectors.technologies import open_reader
from kota.settings import Settings
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable
from tests.connectors.types_table import TypeRow, check_section


@dataclass(frozen=True)
class Case:
    """A value stored in a column of a declared type, and what of it is in the lake."""

    type: str
    sql: str
    landed: Any
    lost: str = "nothing"


OUT = "the value: it is in the quarantine, the column is NULL"
MORNING = datetime(2026, 1, 1, 1, 30, tzinfo=UTC)
CASES = [
    Case("integer", "9223372036854775807", 9223372036854775807),
    Case("integer", "'12x'", None, OUT),
    Case("integer", "1.5", None, OUT),
    Case("integer", "1e300", None, OUT),
    Case("integer", "x'00ff'", None, OUT),
    Case("real", "0.1 + 0.2", 0.1 + 0.2),
    Case("real", "'banyak'", None, OUT),
    Case("decimal(20,4)", "'1234567890.5'", Decimal("1234567890.5000")),
    Case("decimal(5,2)", "12345.678", None, OUT),
    Case("numeric", "10.5", "10.5", "that it is a number: give it a DECIMAL in the registry"),
    Case("text", "'José ' || char(0) || 'x'", "José \0x"),
    Case("text", "42", "42"),
    Case("text", "x'c3a9'", "é"),
    Case("text", "cast(x'4a6f73e9' as text)", "José", "that it was Windows-1252, not UTF-8"),
    Case("text", "x'89504e470d0a1a0a00'", "\\x89504e470d0a1a0a00", "that it was a blob"),
    Case("blob", "x'00ff'", b"\x00\xff"),
    Case("blob", "'teks'", b"teks", "that it was text"),
    Case("boolean", "1", "1", "that it is a truth value"),
    Case("", "x'3132'", "12"),
    Case("date", "'2026-02-28'", date(2026, 2, 28)),
    Case("date", "1767200400", date(2026, 1, 1)),
    Case("date", "julianday('2026-02-28')", date(2026, 2, 28)),
    Case("date", "20260228", None, OUT),
    Case("datetime", "'2026-01-01T08:30:00'", MORNING),
    Case("datetime", "'2026-01-01 01:30:00Z'", MORNING),
    Case("datetime", "1767231000", MORNING),
    Case("datetime", "1767231000000", MORNING),
    Case("datetime", "julianday('2026-01-01 01:30:00')", MORNING),
    Case("datetime", "'kemarin'", None, OUT),
]


class Desk:
    """An app in a SQLite file, and what of it is in the lake."""

    def __init__(self, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings = settings
        self.file = folder / "meja kerja.sqlite"
        monkeypatch.setenv("KOTA_CONN_MEJA", f"sqlite:///{self.file}")
        self.app_of(t={"key": ["id"], "mode": "snapshot"})

    def app_of(self, **tables: Any) -> App:
        """An app with these tables."""
        self.app = App.model_validate(
            {
                "app": "meja",
                "name": "A desk",
                "description": "For tests.",
                "department": "diskominfo",
                "owner": "meja@kota.example",
                "tier": 3,
                "connection": "meja",
                "timezone": "Asia/Jakarta",
                "schedule": "@daily",
                "freshness_hours": 24,
                "tables": tables,
            }
        )
        return self.app

    def run(self, statements: str) -> None:
        """Change the file."""
        with closing(sqlite3.connect(self.file)) as con:
            con.executescript(statements)

    def current(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        """Rows of the current state in the lake, in order."""
        key = self.app.tables[table].key
        state = LakeTable(self.settings.lake_dir, "meja", table).current(key)
        with connect(self.settings) as con:
            return con.execute(f"select {columns} from ({state}) order by all").fetchall()


@pytest.fixture
def desk(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An app without a file yet."""
    return Desk(settings, tmp_path, monkeypatch)


def test_any_type_in_any_column_survives_or_says_why_not(desk: Desk) -> None:
    columns = ", ".join(f"c{place} {case.type}" for place, case in enumerate(CASES))
    desk.run(f"create table t (id integer primary key, {columns}); insert into t (id) values (2)")
    desk.run(f"insert into t values (1, {', '.join(case.sql for case in CASES)})")
    result = extract_app(desk.app, desk.settings)

    assert not result.failed, result.sentence()
    names = ", ".join(f"c{place}" for place in range(len(CASES)))
    full, empty = desk.current("t", f"id, {names}")
    assert list(full[1:]) == [case.landed for case in CASES]
    assert set(empty[1:]) == {None}
    files = DeltaTable(str(Quarantine(desk.settings.lake_dir, "meja").path)).file_uris()
    with connect(desk.settings) as con:
        ((rule, reason),) = con.execute(
            "select rule, reason from read_parquet($files)", {"files": files}
        ).fetchall()
    assert rule == "undecodable_value"
    gone = [f"c{place}" for place, case in enumerate(CASES) if case.landed is None]
    assert reason.split(": ")[1].split(", ") == gone

    types, _ = desk.current("t", ", ".join(f"typeof(c{p})" for p in range(len(CASES))))
    check_section(
        "sqlite",
        [
            TypeRow(
                f"`{case.type}`" if case.type else "no type",
                f"`{case.sql}`",
                f"{kind} `{case.landed}`".replace("\0", "␀")
                if case.landed is not None
                else f"{kind}, NULL",
                case.lost,
            )
            for case, kind in zip(CASES, types, strict=True)
        ],
    )


def test_a_real_keeps_every_bit(desk: Desk) -> None:
    desk.run("create table t (id integer primary key, r real)")
    reals = [
        struct.unpack("d", struct.pack("Q", 0x3FB0000000000000 + i * 7919**3))[0]
        for i in range(500)
    ]
    with closing(sqlite3.connect(desk.file)) as con:
        con.executemany("insert into t (r) values (?)", [(real,) for real in reals])
        con.commit()

    assert not extract_app(desk.app, desk.settings).failed
    assert [row[1] for row in desk.current("t", "id, r")] == reals


def test_any_kind_of_table_with_any_name(desk: Desk) -> None:
    desk.run(
        'create table "select.Tabel ""é""" ("Id" integer primary key, "kolom. ""x""" text);'
        'insert into "select.Tabel ""é""" values (1, \'a\');'
        "create table tanpa (id text primary key, n int) without rowid;"
        "insert into tanpa values ('a', 1);"
        "create table ketat (id integer primary key, n int, dua int as (n * 2)) strict;"
        "insert into ketat (id, n) values (1, 21); create view pandang as select * from ketat"
    )
    table = {"key": ["id"], "mode": "snapshot"}
    odd = {"source": 'select.Tabel "é"', "key": ["Id"], "mode": "snapshot"}
    desk.app_of(odd=odd, tanpa=table, ketat=table, pandang=table)
    result = extract_app(desk.app, desk.settings)

    assert not result.failed, result.sentence()
    assert desk.current("odd", '"Id", "kolom. ""x"""') == [(1, "a")]
    assert desk.current("tanpa", "id, n") == [("a", 1)]
    assert desk.current("ketat", "id, n, dua") == [(1, 21, 42)]
    assert desk.current("pandang", "id, n, dua") == [(1, 21, 42)]


def test_a_table_of_very_many_columns_fits_in_little_memory(desk: Desk) -> None:
    desk.settings = desk.settings.model_copy(update={"memory_limit": "256MB", "threads": 2})
    kinds = ("int", "text", "real", "datetime")
    columns = ", ".join(f"c{number} {kinds[number % 4]}" for number in range(500))
    desk.run(f"create table t (id integer primary key, {columns})")
    desk.run("insert into t (id, c0, c498) values (1, 'no number', 1.5), (2, 2, null)")
    results = [extract_app(desk.app, desk.settings) for _ in range(2)]

    assert not results[0].failed, results[0].sentence()
    assert desk.current("t", "id, c0, c498") == [(1, None, 1.5), (2, 2, None)]
    assert [result.tables[0].outcome for result in results] == ["landed", "unchanged"]


TIMES: dict[str, Callable[[int], Any]] = {
    "text": lambda day: f"2026-01-{day:02} 00:00:00",
    "seconds": lambda day: int(datetime(2026, 1, day, tzinfo=UTC).timestamp()) - 7 * 3600,
    "milliseconds": lambda day: (
        (int(datetime(2026, 1, day, tzinfo=UTC).timestamp()) - 7 * 3600) * 1000
    ),
}


@pytest.mark.parametrize("spelling", TIMES)
def test_sqlite_filters_by_its_index_whatever_times_are_stored_as(
    desk: Desk, spelling: str, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.run("create table t (id integer primary key, pada datetime); create index i on t (pada)")
    with closing(sqlite3.connect(desk.file)) as con:
        con.executemany(
            "insert into t values (?, ?)", [(day, TIMES[spelling](day)) for day in range(1, 31)]
        )
        con.execute("insert into t values (99, null)")
        con.commit()
    app = desk.app_of(t={"key": ["id"], "mode": "incremental", "cursor": "pada"})
    with open_reader(app, desk.settings) as reader:
        columns = reader.describe("t")
        reader._con.execute("set sqlite_debug_show_queries = true")  # type: ignore[attr-defined]
        changed = ids(reader.read("t", columns, "2026-01-29 00:00:00"))
        reader._con.execute("set sqlite_debug_show_queries = false")  # type: ignore[attr-defined]
        assert ids(reader.read("t", columns, None, KeyRange("id", None, 2))) == [1, 2]
        assert ids(reader.read("t", columns, None, KeyRange("id", 29, None))) == [30, 99]
        assert reader.bounds("t", "id") == (1, 99)
        assert spelling == "text" or reader.bounds("t", "pada") is not None

    assert changed == [29, 30, 99]
    printed = "".join(capfd.readouterr())
    statement = next(line for line in printed.splitlines() if " where " in line)
    with closing(sqlite3.connect(desk.file)) as con:
        plan = [row[3] for row in con.execute(f"explain query plan {statement}")]
    assert not any(step.startswith("SCAN") for step in plan), plan


def test_a_file_that_is_being_written_is_read_as_of_one_moment(desk: Desk) -> None:
    desk.run(
        "pragma journal_mode = wal; create table t (id integer primary key);"
        "create table u (id integer primary key);"
        "insert into t values (1); insert into u values (1)"
    )
    table = {"key": ["id"], "mode": "snapshot"}
    app = desk.app_of(t=table, u=table)
    with open_reader(app, desk.settings) as reader:
        # Two SQLite libraries in one process would not see each other's locks.
        other = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])"
        change = "insert into t values (2); insert into u values (2)"
        subprocess.run([sys.executable, "-c", other, desk.file, change], check=True)
        assert ids(reader.read("t", reader.describe("t"), None)) == [1]
        assert reader.count("u") == 1


def test_a_file_that_is_no_database_is_one_sentence(desk: Desk) -> None:
    desk.file.write_bytes(b"\x8f\x11 encrypted" * 500)
    (table,) = extract_app(desk.app, desk.settings).tables

    assert table.message == (
        "meja: can't connect to its SQLite database: it is encrypted or no SQLite database"
    )


def test_a_damaged_table_leaves_the_others_alone(desk: Desk) -> None:
    desk.run(
        "pragma page_size = 1024; create table ada (id integer primary key, s text);"
        "insert into ada values (1, 'x'); create table t (id integer primary key, s text);"
        "insert into t with recursive n(i) as (select 1 union all select i + 1 from n where i < 99)"
        " select i, printf('%0900d', i) from n"
    )
    content = bytearray(desk.file.read_bytes())
    content[10 * 1024 : 40 * 1024] = b"\xff" * (30 * 1024)
    desk.file.write_bytes(content)
    table = {"key": ["id"], "mode": "snapshot"}
    desk.app_of(t=table, tiada=table, ada=table)
    broken, missing, sound = extract_app(desk.app, desk.settings).tables

    assert broken.outcome == "failed" and "the file is damaged" in broken.message
    assert missing.message == "meja.tiada: the file has no table 'tiada'"
    assert sound.rows_landed == 1


def ids(batches: Any) -> list[int]:
    """The ids in a stream, in order."""
    return sorted(int(value.as_py()) for batch in batches for value in batch.column("id"))
