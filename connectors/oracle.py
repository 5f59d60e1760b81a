"""Read Oracle by python-oracledb in thin mode: ``oracle://user:password@host:1521/service``.

Thin mode needs no Oracle client on this machine, and hands over Arrow batches. Tables and columns
are named as Oracle has them, which is in upper case unless somebody quoted them; the registry's
``schema`` is the owner of the tables, the account itself by default.

What is true of ODBC is true here: whole numbers and bytes arrive as such, and all else as text
that Oracle itself makes, to be decoded on landing. This was written from the documentation; its
SQL is tested, but it has not met a server yet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import oracledb
import pyarrow as pa

from connectors.connection import Connection
from connectors.reader import KeyRange, Reader, SourceError
from connectors.registry import App
from kota.settings import Settings
from lake.column import Column
from lake.columns import literal, quoted

PORT = 1521
CONNECT_SECONDS = 30
DESCRIBE = (
    "select column_name, data_type, data_precision, data_scale from all_tab_columns "
    "where owner = :owner and table_name = :name order by column_id"
)
TEXT_TYPES = ("VARCHAR2", "NVARCHAR2", "CHAR", "NCHAR", "CLOB", "NCLOB", "LONG")
BINARY_TYPES = ("BLOB", "RAW", "LONG RAW")
FLOAT_TYPES = ("BINARY_FLOAT", "BINARY_DOUBLE")
DECIMAL_POINT = "'TM9', 'NLS_NUMERIC_CHARACTERS=''.,'''"
SECONDS = "'SYYYY-MM-DD HH24:MI:SS'"
FRACTIONS = "'SYYYY-MM-DD HH24:MI:SS.FF6'"


@dataclass(frozen=True)
class OracleColumn:
    """A column on its way: what to select, and what it arrives as."""

    column: Column
    select: str
    arrow: pa.DataType
    is_date: bool = False
    """Oracle's DATE, which is compared with a DATE so that its index serves."""


class OracleReader(Reader):
    """A session with an Oracle database. Implements ``connectors.reader.Reader``."""

    def __init__(self, app: App, connection: Connection, _settings: Settings) -> None:
        self.app = app
        self.connection = connection
        self._con: oracledb.Connection | None = None
        self._owner = app.schema_ or ""

    def __enter__(self) -> Self:
        account = self.connection
        try:
            self._con = oracledb.connect(
                user=account.user,
                password=account.password,
                host=account.host,
                port=account.port or PORT,
                service_name=account.path,
                tcp_connect_timeout=CONNECT_SECONDS,
            )
            self._con.call_timeout = self.app.politeness.statement_timeout_seconds * 1000
            with self._con.cursor() as cursor:
                # All that follows is read as of this moment, and nothing can be written.
                cursor.execute("set transaction read only")
                if not self._owner:
                    cursor.execute("select sys_context('USERENV', 'CURRENT_SCHEMA') from dual")
                    row = cursor.fetchone()
                    self._owner = row[0] if row else account.user.upper()
        except oracledb.Error as error:
            self._close()
            what = f"can't connect to its Oracle database at {account.host} as {account.user}"
            raise self._failed(what, error) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def _close(self) -> None:
        if self._con is not None:
            self._con.close()
            self._con = None

    def describe(self, table: str) -> list[Column]:
        """The table's columns, from Oracle's dictionary."""
        return [known.column for known in self._known(table)]

    def count(self, table: str) -> int | None:
        """Rows at the source, counted by the source."""
        row = self._row(table, f"select count(*) from {self._relation(table)}")
        return row[0] if row else 0

    def read(
        self,
        table: str,
        columns: Sequence[Column],
        since: str | None,
        part: KeyRange | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Stream columns; filter and projection are done by the source."""
        known = {entry.column.name: entry for entry in self._known(table)}
        cursor = self.app.tables[table].cursor
        condition = None
        if part is not None:
            condition = range_sql(part)
        elif since is not None and cursor is not None:
            condition = since_sql(known[cursor], since)
        yield from self._stream(table, [known[column.name] for column in columns], condition)

    def keys(self, table: str) -> Iterator[pa.RecordBatch]:
        """Stream the key columns of every row."""
        known = {entry.column.name: entry for entry in self._known(table)}
        yield from self._stream(table, [known[name] for name in self.app.tables[table].key], None)

    def bounds(self, table: str, column: str) -> tuple[int, int] | None:
        """Least and greatest value of a whole-number column, by the source's index."""
        known = next(entry for entry in self._known(table) if entry.column.name == column)
        if known.arrow != pa.int64():
            return None
        name = quoted(column)
        row = self._row(table, f"select min({name}), max({name}) from {self._relation(table)}")
        return (row[0], row[1]) if row and row[0] is not None and row[1] is not None else None

    def _known(self, table: str) -> list[OracleColumn]:
        name = self.app.source_name(table)
        try:
            with self._open().cursor() as cursor:
                rows = cursor.execute(DESCRIBE, owner=self._owner, name=name).fetchall()
        except oracledb.Error as error:
            raise self._failed(f"can't read {self.app.app}.{table}", error) from None
        if not rows:
            raise SourceError(
                f"{self.app.app}: can't read {self.app.app}.{table}: {self._owner} has no table "
                f"{name!r} that {self.connection.user} may see (Oracle's names are upper case)"
            )
        return [oracle_column(*row) for row in rows]

    def _relation(self, table: str) -> str:
        return f"{quoted(self._owner)}.{quoted(self.app.source_name(table))}"

    def _row(self, table: str, query: str) -> tuple[int | None, ...] | None:
        try:
            with self._open().cursor() as cursor:
                cursor.execute(query)
                row: tuple[int | None, ...] | None = cursor.fetchone()
                return row
        except oracledb.Error as error:
            raise self._failed(f"can't read {self.app.app}.{table}", error) from None

    def _stream(
        self, table: str, known: Sequence[OracleColumn], condition: str | None
    ) -> Iterator[pa.RecordBatch]:
        selects = ", ".join(f"{entry.select} as {quoted(entry.column.name)}" for entry in known)
        query = f"select {selects} from {self._relation(table)}"
        if condition is not None:
            query += f" where {condition}"
        schema = pa.schema([(entry.column.name, entry.arrow) for entry in known])
        try:
            frames = self._open().fetch_df_batches(
                query, size=self.app.politeness.batch_rows, fetch_decimals=True
            )
            for frame in frames:
                yield from pa.table(frame).cast(schema).to_batches()
        except (oracledb.Error, pa.ArrowException) as error:
            raise self._failed(f"reading {self.app.app}.{table} broke off", error) from None

    def _open(self) -> oracledb.Connection:
        if self._con is None:
            raise RuntimeError("a reader is used inside its with block")
        return self._con

    def _failed(self, what: str, error: Exception) -> SourceError:
        reason = " ".join(self.connection.redact(str(error)).split())
        return SourceError(f"{self.app.app}: {what}: {reason}")


def oracle_column(
    name: str, data_type: str, precision: int | None, scale: int | None
) -> OracleColumn:
    """How a column of a type in Oracle's dictionary arrives."""
    value = quoted(name)
    kind = data_type.upper()

    def text(select: str, declared: str = "VARCHAR") -> OracleColumn:
        return OracleColumn(Column(name, "VARCHAR", declared), select, pa.string())

    if kind == "NUMBER":
        if scale == 0 and precision is not None and precision <= 18:
            return OracleColumn(Column(name, "BIGINT", "BIGINT"), value, pa.int64())
        is_decimal = precision is not None and scale is not None and 0 <= scale <= precision
        declared = f"DECIMAL({precision},{scale})" if is_decimal else "VARCHAR"
        return text(f"to_char({value}, {DECIMAL_POINT})", declared)
    if kind in FLOAT_TYPES:
        return OracleColumn(Column(name, "DOUBLE", "DOUBLE"), value, pa.float64())
    if kind == "FLOAT":
        return text(f"to_char({value}, {DECIMAL_POINT})", "DOUBLE")
    if kind == "DATE":  # has a time of day in Oracle
        select = f"to_char({value}, {SECONDS})"
        return OracleColumn(Column(name, "VARCHAR", "TIMESTAMP"), select, pa.string(), is_date=True)
    if kind.startswith("TIMESTAMP"):
        if "TIME ZONE" in kind:
            instant = f"sys_extract_utc(cast({value} as timestamp with time zone))"
            utc = f"to_char({instant}, {FRACTIONS}) || '+00:00'"
            return text(utc, "TIMESTAMP WITH TIME ZONE")
        return text(f"to_char({value}, {FRACTIONS})", "TIMESTAMP")
    if kind in BINARY_TYPES:
        return OracleColumn(Column(name, "BLOB", "BLOB"), value, pa.binary())
    if kind in TEXT_TYPES:
        return text(value)
    if kind == "XMLTYPE":
        return text(f"xmlserialize(content {value} as clob)")
    return text(f"to_char({value})")


def since_sql(cursor: OracleColumn, since: str) -> str | None:
    """The condition for rows from ``since`` on; rows without a value are read every time.

    None where the source's order of the column is not the order of its meaning.
    """
    name, declared = quoted(cursor.column.name), cursor.column.declared_type
    if declared.startswith("TIMESTAMP"):
        moment = datetime.fromisoformat(since)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC)
        zone = "" if moment.tzinfo is None else " +00:00"
        value = f"timestamp {literal(moment.replace(tzinfo=None).isoformat(sep=' ') + zone)}"
        if cursor.is_date:
            value = f"cast({value} as date)"
    elif declared == "BIGINT" or declared.startswith("DECIMAL"):
        value = since
    else:
        return None
    return f"({name} >= {value} or {name} is null)"


def range_sql(part: KeyRange) -> str | None:
    """The condition for the rows of a part; a row without the value is in the first one."""
    name = quoted(part.column)
    if part.after is None:
        return None if part.upto is None else f"({name} <= {part.upto} or {name} is null)"
    return f"{name} > {part.after}" + ("" if part.upto is None else f" and {name} <= {part.upto}")
