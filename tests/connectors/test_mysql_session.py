"""A session with MariaDB: what the server has to do for a read, what it is spared, what it says."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from typer.testing import CliRunner

from connectors.reader import KeyRange, SourceError
from demo.mariadb import READER
from demo.ports import HOST, Ports
from kota.cli import app as command
from kota.settings import Settings
from tests.connectors.legacy_mysql import MysqlApp, MysqlServer, read_column, running_server

pytestmark = pytest.mark.integration

ROWS = 2_000
SNAPSHOT = {"key": ["id"], "mode": "snapshot"}
CURSORS: dict[str, tuple[str, str]] = {
    "number": ("1990", "bigint unsigned"),
    "moment": ("2026-01-01 00:33:10", "datetime(3)"),
    "instant": ("2026-01-01 07:33:10+07:00", "timestamp null"),
    "amount": ("1990.00", "decimal(12,2)"),
    "word": ("2026-01-01 00:33:10", "varchar(30)"),
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MysqlServer]:
    """A server with a table that has a cursor of every kind, each with an index."""
    with running_server(tmp_path_factory.mktemp("mysql")) as server:
        columns = ", ".join(f"{name} {kind}, key ({name})" for name, (_, kind) in CURSORS.items())
        server.run(
            f"create table requests (id int primary key, {columns}, {FILLER});\n"
            "set time_zone = '+00:00';\n"
            "insert into requests select seq, seq, moment, moment, seq, moment, 'x' from "
            "(select seq, timestamp('2026-01-01') + interval seq second as moment "
            f"from seq_1_to_{ROWS}) as made;\n"
            "insert into requests (id) values (0)"
        )
        yield server


FILLER = "filler char(200) not null default 'x'"


def requests(source: MysqlServer, settings: Settings, cursor: str, **politeness: Any) -> MysqlApp:
    """The table, read by one of its cursors."""
    entry = {"key": ["id"], "mode": "incremental", "cursor": cursor}
    return MysqlApp(source, settings, {"requests": entry}, **politeness)


@pytest.mark.parametrize("cursor", CURSORS)
def test_only_what_changed_is_read_at_the_server_and_rows_without_a_cursor(
    source: MysqlServer, settings: Settings, cursor: str
) -> None:
    app = requests(source, settings, cursor)
    app.extract()
    with app.reader() as reader:
        reader.describe("requests")
        before = source.status("Rows_read")
        read = read_column(reader, "requests", "id", since=CURSORS[cursor][0])
        cost = source.status("Rows_read") - before

    assert sorted(read) == [0, *range(1990, ROWS + 1)]
    assert cost < 100


def test_a_cursor_of_zero_dates_is_none(source: MysqlServer, settings: Settings) -> None:
    source.run(
        "create table zeros (id int primary key, moment datetime not null);\n"
        "insert into zeros values (1, 0), (2, 0)"
    )
    entry = {"key": ["id"], "mode": "incremental", "cursor": "moment"}
    app = MysqlApp(source, settings, {"zeros": entry})
    app.extract()
    source.run("insert into zeros values (3, 0)")
    runs = [app.extract() for _ in range(2)]
    source.run("insert into zeros values (4, '2026-01-01')")
    runs += [app.extract() for _ in range(2)]

    landed = [(run.tables[0].outcome, run.tables[0].rows_landed) for run in runs]
    assert landed == [("landed", 1), ("unchanged", 0), ("landed", 1), ("unchanged", 0)]


@pytest.mark.parametrize("column", ["id", "number"])
def test_a_part_is_cut_out_by_the_server(
    source: MysqlServer, settings: Settings, column: str
) -> None:
    with requests(source, settings, "number").reader() as reader:
        reader.describe("requests")
        assert reader.bounds("requests", "number") == (1, ROWS)
        before = source.status("Rows_read")
        middle = read_column(reader, "requests", "id", part=KeyRange(column, 10, 20))
        first = read_column(reader, "requests", "id", part=KeyRange(column, None, 10))
        cost = source.status("Rows_read") - before

    assert sorted(middle) == list(range(11, 21))
    assert sorted(first) == list(range(11))  # the row without a number is in the first part
    assert cost < 100


@pytest.mark.parametrize(
    "key",
    ["primary key (a, b)", "primary key (name)", "unique (name)", "primary key (b desc, a)", ""],
)
def test_pages_give_every_row_once(source: MysqlServer, settings: Settings, key: str) -> None:
    # A long decimal is beyond the scanner, so the table is read in pages, here of 7 rows.
    source.run(
        "drop table if exists paged;\n"
        "create table paged (a tinyint not null, b datetime(3) not null, "
        "name varchar(20) character set latin2 not null, wide decimal(50,1) not null"
        + (f", {key})" if key else ")")
        + ";\ninsert into paged select seq mod 4, timestamp('2026-01-01') + interval seq div 8 "
        "microsecond + interval seq second, concat('ł', seq), seq from seq_1_to_100"
    )
    app = MysqlApp(source, settings, {"paged": {"key": ["name"], "mode": "snapshot"}}, batch_rows=7)
    with app.reader() as reader:
        read = read_column(reader, "paged", "wide")

    assert sorted(read, key=float) == [f"{number}.0" for number in range(1, 101)]


def test_a_session_sees_one_moment_writes_nothing_and_has_one_connection(
    source: MysqlServer, settings: Settings
) -> None:
    source.run(
        "create table one (id int primary key, d date);\ninsert into one values (1, null);\n"
        "create table two like one;\ninsert into two select * from one"
    )
    # An administrator's choice that would break the snapshot.
    source.run("set global transaction isolation level read committed", as_root=True)
    app = MysqlApp(source, settings, {"one": SNAPSHOT, "two": SNAPSHOT})
    with app.reader() as reader:
        assert reader.count("one") == 1
        source.run("insert into one values (2, null);\ninsert into two values (2, null)")
        seen = [read_column(reader, table, "id") for table in ("one", "one", "two")]
        (connections,) = source.run(
            f"select count(*) from information_schema.processlist where user = '{READER}'",
            as_root=True,
        )
        with pytest.raises(SourceError, match="READ ONLY"):
            reader._ask("one", "select id from one for update")

    assert seen == [[1], [1], [1]]
    assert connections == (1,)


def test_a_statement_that_takes_too_long_is_stopped_and_the_other_tables_go_on(
    source: MysqlServer, settings: Settings
) -> None:
    source.run("create or replace view slow as select id, sleep(30) as nap from requests")
    tables = {"slow": SNAPSHOT, "requests": SNAPSHOT}
    app = MysqlApp(source, settings, tables, statement_timeout_seconds=1)
    clock = time.monotonic()
    result = app.extract()

    assert time.monotonic() - clock < 20
    assert [(t.table, t.outcome) for t in result.tables] == [
        ("slow", "failed"),
        ("requests", "landed"),
    ]
    assert result.tables[0].message == (
        "legacy: reading legacy.slow broke off: the server broke off in the midst of the rows: the "
        "statement took longer than 1 s (politeness.statement_timeout_seconds), or the connection "
        "was cut"
    )


def test_the_load_of_the_server_is_told(source: MysqlServer, settings: Settings) -> None:
    with requests(source, settings, "number").reader() as reader:
        assert reader.busy() == 0


def test_a_table_that_may_not_be_read_or_is_missing_fails_alone(
    source: MysqlServer, settings: Settings
) -> None:
    source.run(
        "create user if not exists clerk identified by 'clerk-secret';\n"
        "grant select on laksa.requests to clerk;\n"
        "create table if not exists laksa.salaries (id int primary key)",
        as_root=True,
    )
    tables = {"salaries": SNAPSHOT, "nothing": SNAPSHOT, "requests": SNAPSHOT}
    app = MysqlApp(source, settings, tables)
    app.uri = f"mysql://clerk:clerk-secret@{HOST}:{source.server.port}/laksa"
    result = app.extract()

    assert [t.outcome for t in result.tables] == ["failed", "failed", "landed"]
    assert result.tables[0].message == (
        "legacy.salaries: database 'laksa' has no table 'salaries', or account 'clerk' may not "
        "read it"
    )


@pytest.mark.parametrize(
    ("part", "wrong", "sentence"),
    [
        (
            "reader-secret",
            "wrong-secret",
            "the server refused account 'kota_reader'; check user and password of connection "
            "'legacy'",
        ),
        ("/laksa", "/elsewhere", "there is no database 'elsewhere' that account 'kota_reader'"),
        ("port", "", "nothing answers at 127.0.0.1:"),
    ],
)
def test_a_session_that_can_not_begin_says_why_without_the_password(
    source: MysqlServer, settings: Settings, part: str, wrong: str, sentence: str
) -> None:
    app = requests(source, settings, "number")
    free = str(Ports.free().mariadb)
    app.uri = (
        app.uri.replace(str(source.server.port), free)
        if part == "port"
        else app.uri.replace(part, wrong)
    )
    (table,) = app.extract().tables

    assert table.outcome == "failed"
    assert table.message.startswith("legacy: can't connect to its MariaDB/MySQL database: ")
    assert sentence in table.message
    assert "secret" not in table.message


@pytest.mark.parametrize(
    ("greeting", "sentence"),
    [
        (b"", "nothing answers at 127.0.0.1:{port}; check the address"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "what answers at 127.0.0.1:{port} is no MariaDB or MySQL"),
    ],
)
@pytest.mark.usefixtures("settings")
def test_an_address_where_something_else_listens_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, greeting: bytes, sentence: str
) -> None:
    monkeypatch.setattr("connectors.mysql.GREETING_SECONDS", 0.2)
    with socket.create_server((HOST, 0)) as stranger:
        port = stranger.getsockname()[1]

        def answer() -> None:
            line, _ = stranger.accept()
            line.sendall(greeting)
            with suppress(ConnectionError):
                line.recv(1)  # until they have gone
            line.close()

        other = threading.Thread(target=answer, daemon=True)
        other.start()
        done = CliRunner().invoke(
            command, ["sources", "discover", f"mysql://reader:Hunter2@{HOST}:{port}/simpeg"]
        )
        other.join(5)

    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1), done.output
    assert sentence.format(port=port) in done.stderr
    assert "Hunter2" not in done.output


def test_a_connection_that_is_cut_half_way_costs_one_table(
    source: MysqlServer, settings: Settings
) -> None:
    app = requests(source, settings, "number", batch_rows=10)
    with app.reader() as reader:
        columns = reader.describe("requests")
        batches = reader.read("requests", columns, None)
        next(batches)
        ((session, secret),) = source.run(
            "select id, 'reader-secret' from information_schema.processlist "
            f"where user = '{READER}'",
            as_root=True,
        )
        source.run(f"kill {session}", as_root=True)
        with pytest.raises(SourceError) as cut:
            list(reader.keys("requests"))
        settled = reader._ask(None, "select @@autocommit, @@tx_read_only, @@sql_mode")

        assert sorted(read_column(reader, "requests", "id")) == list(range(ROWS + 1))
    assert "the server ended the connection" in str(cut.value)
    assert secret not in str(cut.value)
    assert settled == [(0, 1, "")]  # not a session that the pool made behind our back
