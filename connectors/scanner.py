"""What the readers for databases share: a DuckDB scanner attached to the source, read-only.

Row counts, keys and rows of one session come from one transaction, so they agree with each other
even while the app is in use.
"""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

from connectors.connection import Connection
from connectors.reader import KeyRange, Reader, SourceError
from connectors.registry import App
from kota.settings import Settings
from lake.column import Column
from lake.columns import literal, quoted
from lake.engine import connect

ATTACHED = "source"


class ScannerReader(Reader):
    """A session with a database, through DuckDB. Implements ``connectors.reader.Reader``."""

    technology: str

    def __init__(self, app: App, connection: Connection, settings: Settings) -> None:
        self.app = app
        self.connection = connection
        self.settings = settings
        self._con: duckdb.DuckDBPyConnection | None = None
        self._is_begun = False

    def __enter__(self) -> Self:
        self._con = connect(self.settings)
        try:
            self.attach(self._con)
            self.begin(self._con)
        except duckdb.Error as error:
            self._con.close()
            raise self._failed(f"can't connect to its {self.technology} database", error) from None
        self._is_begun = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._con is not None:
            self._con.close()

    @abstractmethod
    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Attach the source as ``source``, read-only, within the app's politeness."""

    def begin(self, con: duckdb.DuckDBPyConnection) -> None:
        """Begin the transaction in which everything is read."""
        con.begin()

    @abstractmethod
    def relation(self, table: str) -> str:
        """The table at the source as a DuckDB identifier."""

    def describe(self, table: str) -> list[Column]:
        """The table's columns with the types the scanner gives them."""
        rows = self._run(table, f"describe select * from {self.relation(table)}").fetchall()
        return [Column(row[0], row[1], row[1]) for row in rows]

    def count(self, table: str) -> int | None:
        """Rows at the source, counted by the source."""
        row = self._run(table, f"select count(*) from {self.relation(table)}").fetchone()
        return int(row[0]) if row else 0

    def read(
        self,
        table: str,
        columns: Sequence[Column],
        since: str | None,
        part: KeyRange | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Stream columns; filter and projection are done by the source."""
        names = ", ".join(quoted(column.name) for column in columns)
        scan = f"select {names} from {self.relation(table)}"
        if part is not None:
            scan += f" where {range_sql(part)}"
            if part.after is None and part.upto is not None:
                scan += f" or {quoted(part.column)} is null"
            yield from self._stream(table, scan)
            return
        cursor = self.app.tables[table].cursor
        if since is None or cursor is None:
            yield from self._stream(table, scan)
            return
        column = next(column for column in columns if column.name == cursor)
        value = quoted(cursor)
        if column.source_type != column.declared_type:
            value = f"try_cast({value} as {column.declared_type})"
        start = f"cast({literal(since)} as {column.declared_type})"
        yield from self._stream(table, f"{scan} where {value} >= {start}")
        # Whether a row without a cursor value changed nobody can tell: it is read every time.
        yield from self._stream(table, f"{scan} where {value} is null")

    def keys(self, table: str) -> Iterator[pa.RecordBatch]:
        """Stream the key columns of every row."""
        names = ", ".join(quoted(name) for name in self.app.tables[table].key)
        yield from self._stream(table, f"select {names} from {self.relation(table)}")

    def bounds(self, table: str, column: str) -> tuple[int, int] | None:
        """Least and greatest value, by the source's index."""
        name = quoted(column)
        row = self._run(
            table, f"select min({name}), max({name}) from {self.relation(table)}"
        ).fetchone()
        return (int(row[0]), int(row[1])) if row and row[0] is not None else None

    def reason(self, error: Exception) -> str:
        """What went wrong, in one line."""
        return self.connection.redact(str(error)).strip().splitlines()[0]

    def _stream(
        self, table: str, query: str, parameters: Sequence[str] = ()
    ) -> Iterator[pa.RecordBatch]:
        rows = self.app.politeness.batch_rows
        try:
            yield from self._run(table, query, parameters).to_arrow_reader(rows)
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            self._is_begun = False
            raise self._failed(f"reading {self.app.app}.{table} broke off", error) from None

    def _run(
        self, table: str | None, query: str, parameters: Sequence[str] = ()
    ) -> duckdb.DuckDBPyConnection:
        if self._con is None:
            raise RuntimeError("a reader is used inside its with block")
        where = f"{self.app.app}.{table}" if table else self.app.app
        if not self._is_begun:
            self._begin_again(self._con)
        try:
            return self._con.execute(query, list(parameters))
        except duckdb.Error as error:
            self._is_begun = False
            raise self._failed(f"can't read {where}", error) from None

    def _begin_again(self, con: duckdb.DuckDBPyConnection) -> None:
        """After an error DuckDB's transaction can't go on: other tables are read in a new one.

        What is read from here on is of one later moment.
        """
        with suppress(duckdb.Error):
            con.rollback()
        con.execute("set TimeZone = 'UTC'")
        try:
            self.begin(con)
        except duckdb.Error as error:
            raise self._failed(f"can't connect to its {self.technology} database", error) from None
        self._is_begun = True

    def _failed(self, what: str, error: Exception) -> SourceError:
        return SourceError(f"{self.app.app}: {what}: {self.reason(error)}")


def range_sql(part: KeyRange, prefix: str = "") -> str:
    """The rows of a part, as DuckDB hands the condition on to the source."""
    name = prefix + quoted(part.column)
    tests = [
        f"{name} > {part.after}" if part.after is not None else "",
        f"{name} <= {part.upto}" if part.upto is not None else "",
    ]
    return " and ".join(test for test in tests if test) or "true"
