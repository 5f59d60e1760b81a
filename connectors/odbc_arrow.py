"""Read by an ODBC driver that hands over many rows at once, with arrow-odbc."""

import logging
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

import pyarrow as pa
from arrow_odbc import Error, TextEncoding, connect
from arrow_odbc.connect import Connection as ArrowConnection

from connectors.connection import Connection
from connectors.odbc_dialect import Dialect
from connectors.odbc_errors import cannot_connect, reason
from connectors.odbc_types import Arrival, as_number
from connectors.reader import KeyRange, Reader, SourceError
from connectors.registry import App
from lake.column import Column

LOGIN_SECONDS = 30
BATCH_BYTES = 64 * 2**20
"""How much of a result is in memory at a time, besides what the driver itself holds."""
LARGEST_ROW = 512 * 2**20
UNKNOWN_SIZE = 2**16
"""Most bytes of a value where the database can't be asked; a longer one fails the read."""

logger = logging.getLogger(__name__)


class ArrowOdbcReader(Reader):
    """A session by arrow-odbc. Implements ``connectors.reader.Reader``."""

    def __init__(
        self,
        app: App,
        connection: Connection,
        string: str,
        dialect: Dialect,
        arrivals: dict[str, list[Arrival] | SourceError],
    ) -> None:
        self.app = app
        self.connection = connection
        self.dialect = dialect
        self._string = string
        self._arrivals = arrivals
        self._con: ArrowConnection | None = None

    def __enter__(self) -> Self:
        try:
            self._con = connect(self._string, login_timeout_sec=LOGIN_SECONDS, autocommit=False)
            for statement in self.dialect.session(self.app.politeness.statement_timeout_seconds):
                self._con.execute(statement)
            self._con.commit()
            self._begin(self._con)
        except Error as error:
            raise cannot_connect(self.app, self.connection, error) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._con is not None:
            try:
                self._con.rollback()
            except Error as failure:
                logger.debug("%s: the session ended by itself: %s", self.app.app, failure)
            self._con = None

    def describe(self, table: str) -> list[Column]:
        """The table's columns, as the driver described them when the session began."""
        return [arrival.column for arrival in self._all(table)]

    def is_one_moment(self, table: str) -> bool:
        """Where kota knows a transaction that sees one."""
        return bool(self.dialect.transaction(True))

    def count(self, table: str) -> int | None:
        """Rows at the source, counted by the source."""
        return self._number(table, "count(*)")

    def read(
        self,
        table: str,
        columns: Sequence[Column],
        since: str | None,
        part: KeyRange | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Stream columns; filter and projection are done by the source."""
        known = {arrival.name: arrival for arrival in self._all(table)}
        condition = None
        cursor = self.app.tables[table].cursor
        if part is not None:
            condition = self.dialect.range(part)
        elif since is not None and cursor is not None:
            condition = self.dialect.since(known[cursor], since)
        yield from self._stream(table, [known[column.name] for column in columns], condition)

    def keys(self, table: str) -> Iterator[pa.RecordBatch]:
        """Stream the key columns of every row."""
        known = {arrival.name: arrival for arrival in self._all(table)}
        yield from self._stream(table, [known[name] for name in self.app.tables[table].key], None)

    def bounds(self, table: str, column: str) -> tuple[int, int] | None:
        """Least and greatest value of a whole-number column."""
        arrival = next(known for known in self._all(table) if known.name == column)
        if arrival.arrow != pa.int64():
            return None
        name = self.dialect.quoted(column)
        least, greatest = (self._number(table, f"{what}({name})") for what in ("min", "max"))
        return None if least is None or greatest is None else (least, greatest)

    def _all(self, table: str) -> list[Arrival]:
        arrivals = self._arrivals[table]
        if isinstance(arrivals, SourceError):
            raise arrivals
        return arrivals

    def _relation(self, table: str) -> str:
        return self.dialect.table(self.app.schema_, self.app.source_name(table))

    def _number(self, table: str, expression: str, condition: str | None = None) -> int | None:
        arrivals = [as_number("n", expression)]
        for batch in self._fetch(table, arrivals, condition, 1, 1):
            number: int | None = batch.column(0)[0].as_py()
            return number
        return None

    def _stream(
        self, table: str, arrivals: Sequence[Arrival], condition: str | None
    ) -> Iterator[pa.RecordBatch]:
        """Rows in batches of bounded size; nothing is cut off, whatever its length."""
        longest = self._longest(table, arrivals, condition)
        row = sum(arrival.size or longest for arrival in arrivals)
        if self.dialect.is_wide:
            row *= 2
        if row > LARGEST_ROW:
            raise SourceError(
                f"{self.app.app}.{table}: a row may take {row // 2**20} MB, more than can be read "
                "by ODBC; leave the longest columns out (policy: drop)"
            )
        rows = max(1, min(self.app.politeness.batch_rows, BATCH_BYTES // max(1, row)))
        yield from self._fetch(table, arrivals, condition, rows, longest)

    def _longest(self, table: str, arrivals: Sequence[Arrival], condition: str | None) -> int:
        """The bytes of the longest value of the columns that have no length of their own.

        In a transaction that sees one moment no longer one can turn up when the rows are read.
        """
        unbounded = [arrival for arrival in arrivals if arrival.size is None]
        if not unbounded:
            return 1
        lengths = [self.dialect.length(arrival.select) for arrival in unbounded]
        known = [f"coalesce(max({length}), 0)" for length in lengths if length is not None]
        if len(known) < len(lengths):
            return UNKNOWN_SIZE
        names = [as_number(f"n{at}", length) for at, length in enumerate(known)]
        found: list[int] = [
            number
            for batch in self._fetch(table, names, condition, 1, 1)
            for column in batch.columns
            for number in column.to_pylist()
        ]
        return max([1, *found])

    def _fetch(
        self,
        table: str,
        arrivals: Sequence[Arrival],
        condition: str | None,
        rows: int,
        longest: int,
    ) -> Iterator[pa.RecordBatch]:
        if self._con is None:
            raise RuntimeError("a reader is used inside its with block")
        selects = ", ".join(
            f"{arrival.select} as {self.dialect.quoted(arrival.name)}" for arrival in arrivals
        )
        query = f"select {selects} from {self._relation(table)}"
        if condition is not None:
            query += f" where {condition}"
        limit = max(arrival.size or longest for arrival in arrivals)
        try:
            yield from self._con.read_arrow_batches(
                query,
                batch_size=rows,
                max_bytes_per_batch=None,
                max_text_size=limit,
                max_binary_size=limit,
                schema=pa.schema([(arrival.name, arrival.arrow) for arrival in arrivals]),
                fetch_concurrently=False,
                query_timeout_sec=self.app.politeness.statement_timeout_seconds
                if self.dialect.takes_timeout
                else None,
                payload_text_encoding=TextEncoding.UTF16
                if self.dialect.is_wide
                else TextEncoding.UTF8,
            )
        except (Error, pa.ArrowException) as error:
            self._begin_again(self._con)
            said = reason(self.connection, error)
            raise SourceError(
                f"{self.app.app}: can't read {self.app.app}.{table}: {said}"
            ) from None

    def _begin(self, con: ArrowConnection) -> None:
        """Begin the transaction of which everything is read."""
        allowed = True
        if query := self.dialect.snapshots_query():
            (batch,) = con.read_arrow_batches(query, 1, fetch_concurrently=False)
            allowed = batch.column(0)[0].as_py() == 1
            con.commit()
        if not allowed:
            logger.warning(
                "%s: the database allows no snapshot isolation, so each statement is read as of "
                "its own moment",
                self.app.app,
            )
        for statement in self.dialect.transaction(allowed):
            con.execute(statement)

    def _begin_again(self, con: ArrowConnection) -> None:
        """A statement that failed may have spoilt the transaction: the next table gets its own."""
        try:
            con.rollback()
            self._begin(con)
        except Error as error:
            logger.debug("%s: no new transaction: %s", self.app.app, error)
