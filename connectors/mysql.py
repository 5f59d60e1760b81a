"""Read MariaDB and MySQL through DuckDB's scanner, or by statements of ours where that would lose.

One connection, one snapshot: the scanner's own handling of transactions is switched off, because
it takes the server's isolation level as it is, and the session is set up by us. Tables of an engine
without transactions (MyISAM, Aria) are read as they are at that moment.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from connectors import mysql_errors
from connectors.connection import Connection
from connectors.controls import SourceSum
from connectors.mysql_columns import MysqlColumn, identifier
from connectors.mysql_greeting import NoServerError, wait_for_greeting
from connectors.mysql_pages import (
    Page,
    can_order,
    in_part,
    since_sql,
    without_cursor_sql,
)
from connectors.mysql_sums import sums_sql
from connectors.mysql_tables import (
    MysqlTable,
    count_and_find_wrong_dates,
    find_table,
    table_names,
)
from connectors.mysql_text import has_valid_text, valid_text
from connectors.reader import KeyRange, ReadAgainError, Scan, SourceError
from connectors.registry import App
from connectors.scanner import ATTACHED, ScannerReader
from kota.settings import Settings
from lake.column import Column
from lake.columns import literal, quoted
from lake.engine import load_extension
from lake.table import LakeTable

OURS = f"mysql_query('{ATTACHED}', ?, stream_results = false)"
GREETING_SECONDS = 10.0
IDLE_SECONDS = 8 * 60 * 60
"""The session survives a pause between two tables, whatever the server's default is."""


class MysqlReader(ScannerReader):
    """A session with a MariaDB or MySQL database."""

    technology = "MariaDB/MySQL"
    sums_by = "source"

    def __init__(self, app: App, connection: Connection, settings: Settings) -> None:
        super().__init__(app, connection, settings)
        self._met_wrong_dates: set[str] = set()
        self._met_bad_text: set[str] = set()

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Attach with the password in a secret, where no error message repeats it."""
        load_extension(con, "mysql_scanner")
        try:
            wait_for_greeting(self.connection.host, self.connection.port or 3306, GREETING_SECONDS)
        except NoServerError as error:
            raise duckdb.IOException(str(error)) from None
        polite = self.app.politeness
        con.execute(f"set mysql_pool_size = {polite.max_connections}")
        con.execute("set mysql_enable_transactions = false")
        con.execute("set mysql_session_time_zone = '+00:00'")
        # A tinyint(1) can hold a 2, and does in legacy apps.
        con.execute("set mysql_tinyint1_as_boolean = false")
        # Pages are read in the order of a key, and the last row tells where the next one starts.
        con.execute("set preserve_insertion_order = true")
        con.execute(
            f"create secret {ATTACHED} (type mysql, host {literal(self.connection.host)}, "
            f"port {self.connection.port or 3306}, user {literal(self.connection.user)}, "
            f"password {literal(self.connection.password)}, "
            f"database {literal(self.connection.path)})"
        )
        compression = "preferred" if polite.compress else "disabled"
        # Not attached as read-only: DuckDB would then refuse the settings of `begin` too. The
        # server itself refuses to write in this session.
        con.execute(f"attach 'compression={compression}' as {ATTACHED} (type mysql, secret source)")

    def begin(self, con: duckdb.DuckDBPyConnection) -> None:
        """Set up the session; its snapshot is taken by the first statement that reads a table."""
        super().begin(con)
        self._names: list[str] | None = None
        self._tables: dict[str, MysqlTable] = {}
        (row,) = con.execute(f"select * from {OURS}", ["select version() as v"]).fetchall()
        seconds = self.app.politeness.statement_timeout_seconds
        limit = (
            f"max_statement_time = {seconds}"
            if "mariadb" in str(row[0]).lower()
            else f"max_execution_time = {seconds * 1000}"
        )
        for statement in (
            f"set session {limit}",
            f"set session lock_wait_timeout = {seconds}, net_write_timeout = {seconds}, "
            f"wait_timeout = {IDLE_SECONDS}",
            # Quotes and zero dates mean the same on every server.
            "set session sql_mode = ''",
            "set session transaction isolation level repeatable read, read only",
            "set session autocommit = 0",
        ):
            con.execute(f"call mysql_execute('{ATTACHED}', ?)", [statement]).fetchall()

    def relation(self, table: str) -> str:
        """A MySQL schema is a database."""
        found = self._table(table)
        return f"{ATTACHED}.{quoted(found.schema)}.{quoted(found.name)}"

    def describe(self, table: str) -> list[Column]:
        """The table's columns; a column that holds dates that are none arrives as text."""
        return [column.described() for column in self._table(table).columns]

    def count(self, table: str) -> int | None:
        """Rows at the source, counted by the source."""
        found = self._table(table)
        if found.rows is not None:
            return found.rows
        return int(self._ask(table, f"select count(*) from {found.source}")[0][0])

    def is_one_moment(self, table: str) -> bool:
        """Not of an engine without transactions: it is read as it is at each statement."""
        return self._table(table).is_transactional

    def control_sums(self, table: str, columns: Sequence[Column]) -> list[SourceSum]:
        """What columns add up to, by the server, in one pass over the table."""
        found = self._table(table)
        sums = {
            column.name: parts
            for column in columns
            if (parts := sums_sql(found.column(column.name), column.lake_type))
        }
        if not sums:
            return []
        selected = ", ".join(
            f"{part} as c{place}" for place, part in enumerate(p for s in sums.values() for p in s)
        )
        (row,) = self._ask(table, f"select {selected} from {found.source}")
        return [
            SourceSum(name, int(row[4 * place]), *row[4 * place + 1 : 4 * place + 4])
            for place, name in enumerate(sums)
        ]

    def read(
        self,
        table: str,
        columns: Sequence[Column],
        since: str | None,
        part: KeyRange | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Stream columns; filter and projection are done by the source."""
        found = self._table(table)
        wanted = [found.column(column.name) for column in columns]
        cursor = self.app.tables[table].cursor
        if part is not None:
            yield from self._all(table, found, wanted, part)
        elif since is None or cursor is None:
            yield from self._all(table, found, wanted)
        else:
            place = found.column(cursor)
            landed = next(column for column in columns if column.name == cursor)
            try:
                where = since_sql(place, landed, since)
            except ValueError:
                raise SourceError(
                    f"{self.app.app}.{table}: cursor {cursor} can't be compared with {since!r}; "
                    "choose another cursor or mode: snapshot"
                ) from None
            yield from self._pages(table, found, wanted, where, place)
            if where := without_cursor_sql(place):
                yield from self._pages(table, found, wanted, where)

    def scan(self, table: str, columns: Sequence[Column], part: KeyRange | None) -> Scan | None:
        """The same as a query, unless it takes several, or text has to be mended."""
        found = self._table(table)
        wanted = [found.column(column.name) for column in columns]
        is_split = part is not None and found.column(part.column).is_nullable
        if self._con is None or not found.is_scannable or is_split or table in self._met_bad_text:
            return None

        def look(batch: pa.RecordBatch) -> None:
            if not has_valid_text(batch):
                self._met_bad_text.add(table)
                raise ReadAgainError(f"{self.app.app}.{table}: read again, to mend its text")

        def failed(error: Exception) -> SourceError:
            return self._again(table, self._broke_off(table, error))

        return Scan(self._con, self._scan_sql(table, wanted, part), look, lambda: None, failed)

    def keys(self, table: str) -> Iterator[pa.RecordBatch]:
        """Stream the key columns of every row."""
        found = self._table(table)
        wanted = [found.column(name) for name in self.app.tables[table].key]
        yield from self._all(table, found, wanted)

    def bounds(self, table: str, column: str) -> tuple[int, int] | None:
        """Least and greatest value; the server reads both ends of an index, and no row."""
        name = identifier(column)
        statement = f"select min({name}), max({name}) from {self._table(table).source}"
        least, greatest = self._ask(table, statement)[0]
        return None if least is None else (int(least), int(greatest))

    def busy(self) -> int | None:
        """Statements that run at the source now, besides ours. Asked between two reads."""
        try:
            rows = self._ask(None, "show global status like 'Threads_running'")
        except SourceError:
            return None
        return max(int(rows[0][1]) - 1, 0) if rows else None

    def reason(self, error: Exception) -> str:
        """What the server meant, without the statement that the scanner puts before it."""
        return mysql_errors.reason(str(error), self.app, self.connection)

    def _table(self, table: str) -> MysqlTable:
        if table not in self._tables:
            self._tables[table] = self._find(table)
        return self._tables[table]

    def _find(self, table: str) -> MysqlTable:
        schema, name = self.app.schema_ or self.connection.path, self.app.source_name(table)

        def ask(statement: str) -> list[tuple[Any, ...]]:
            return self._ask(table, statement)

        if self._names is None:
            self._names = table_names(ask, schema)
        found = find_table(ask, schema, name, self._names)
        if found is None:
            raise SourceError(
                f"{self.app.app}.{table}: database {schema!r} has no table {name!r}, or account "
                f"{self.connection.user!r} may not read it"
            )
        calendar = {column.name for column in found.columns if column.is_calendar}
        if not calendar:
            return found
        if self._reads_all(table):
            # Nearly every table has none: it is looked through when the scanner met one.
            has_wrong = table in self._met_wrong_dates
            return count_and_find_wrong_dates(ask, found) if has_wrong else found
        # Only changed rows will be read: for so few, text costs less than a look at all rows.
        return found.with_wrong_dates(calendar)

    def _reads_all(self, table: str) -> bool:
        last = LakeTable(self.settings.lake_dir, self.app.app, table).last_batch()
        is_snapshot = self.app.tables[table].mode == "snapshot"
        return is_snapshot or last is None or not last.is_complete

    def _all(
        self,
        table: str,
        found: MysqlTable,
        wanted: Sequence[MysqlColumn],
        part: KeyRange | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Many rows: by the scanner, which streams, or in pages where it would lose something."""
        is_nullable = part is not None and found.column(part.column).is_nullable
        if not found.is_scannable:
            where = in_part(part, is_nullable) if part else ""
            yield from self._pages(table, found, wanted, where)
            return
        for batch in self._stream(table, self._scan_sql(table, wanted, part)):
            yield valid_text(batch)
        if part is not None and part.after is None and part.upto is not None and is_nullable:
            # The scanner does not hand this condition on to the server.
            yield from self._pages(table, found, wanted, f"{identifier(part.column)} is null")

    def _scan_sql(self, table: str, wanted: Sequence[MysqlColumn], part: KeyRange | None) -> str:
        values = ", ".join(column.scanned() for column in wanted)
        where = f" where {_range_sql(part)}" if part else ""
        return f"select {values} from {self.relation(table)} t{where}"

    def _pages(
        self,
        table: str,
        found: MysqlTable,
        wanted: Sequence[MysqlColumn],
        where: str,
        cursor: MysqlColumn | None = None,
    ) -> Iterator[pa.RecordBatch]:
        order = list(found.unique)
        if order and cursor is not None and cursor not in order and can_order(cursor):
            order.insert(0, cursor)
        rows = self.app.politeness.batch_rows
        page = Page(found.source, wanted, where, order, rows)
        last: list[str] | None = None
        while True:
            seen = 0
            query = f"select {page.received()} from {OURS}"
            for batch in self._stream(table, query, [page.after(last)]):
                seen += batch.num_rows
                if order and batch.num_rows:
                    last = [str(values[-1]) for values in batch.columns[len(wanted) :]]
                yield valid_text(batch.select(list(range(len(wanted)))))
            if not order or seen < rows:
                return

    def _stream(
        self, table: str, query: str, parameters: Sequence[str] = ()
    ) -> Iterator[pa.RecordBatch]:
        try:
            yield from super()._stream(table, query, parameters)
        except SourceError as error:
            raise self._again(table, error) from None

    def _again(self, table: str, error: SourceError) -> SourceError:
        """The error, or where it was a date that is none: that the table is read otherwise."""
        if not mysql_errors.is_wrong_date(error) or table in self._met_wrong_dates:
            return error
        self._met_wrong_dates.add(table)
        self._tables.pop(table, None)
        return ReadAgainError(str(error))

    def _ask(self, table: str | None, statement: str) -> list[tuple[Any, ...]]:
        """A small result of a statement to the server, in the session's snapshot."""
        return self._run(table, f"select * from {OURS}", [statement]).fetchall()


def _range_sql(part: KeyRange) -> str:
    """The rows of a part, as DuckDB hands the condition on to the server."""
    name = f"t.{quoted(part.column)}"
    tests = [
        f"{name} > {part.after}" if part.after is not None else "",
        f"{name} <= {part.upto}" if part.upto is not None else "",
    ]
    return " and ".join(test for test in tests if test) or "true"
