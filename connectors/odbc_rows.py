"""Read by an ODBC driver that hands over one row at a time and knows little SQL: MDBTools.

It can't compare dates, can't test for NULL and can't sort, and answers some of these questions
wrongly instead of saying so. It is asked for whole tables only; finding out what changed is left
to the lake.

What it does to values: a date before 1900 becomes an impossible one, so it goes to the quarantine;
a text of more than 16,383 bytes is cut off, which fails the table; a floating-point number has 15
digits; a character beyond Unicode's first 65,536, such as an emoji, becomes question marks.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from connectors.connection import Connection
from connectors.odbc_native import BINARY_TYPES, Described, NativeConnection, OdbcError
from connectors.odbc_types import Arrival, arrival, as_text
from connectors.reader import KeyRange, Reader, SourceError
from connectors.registry import App
from lake.column import Column

MOST_ROWS = 5_000
LONGEST_TEXT = 16_383
"""Bytes after which MDBTools cuts a text off, without a word."""
ACCESS_TYPES = {"money": "DECIMAL(19,4)", "bool": "BOOLEAN"}


class RowOdbcReader(Reader):
    """A session with a file of Access. Implements ``connectors.reader.Reader``.

    Every value but bytes arrives as text. A file has no transactions, so one that is changed while
    it is read fails the table instead of landing half of each.
    """

    def __init__(self, app: App, connection: Connection, native: NativeConnection) -> None:
        self.app = app
        self.connection = connection
        self._native = native
        self._described: dict[str, list[Described]] = {}
        self._file = Path("/" + connection.path.lstrip("/"))
        self._stamp = self._look()

    def describe(self, table: str) -> list[Column]:
        """The table's columns, with the types that Access has them in."""
        return [_arrival(described).column for described in self._columns(table)]

    def count(self, table: str) -> int | None:
        """Rows of the table, counted by the driver."""
        try:
            rows = list(self._native.rows(f"select count(*) from {self._relation(table)}"))
        except OdbcError as error:
            raise self._failed(table, error) from None
        (count,) = rows[0].values()
        return int(count or 0)

    def read(
        self,
        table: str,
        columns: Sequence[Column],
        since: str | None,
        part: KeyRange | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Stream columns of the whole table: rows before ``since`` land nothing twice."""
        yield from self._stream(table, [column.name for column in columns])

    def keys(self, table: str) -> Iterator[pa.RecordBatch]:
        """Stream the key columns of every row."""
        yield from self._stream(table, self.app.tables[table].key)

    def _stream(self, table: str, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        known = {column.name: _arrival(column) for column in self._columns(table)}
        schema = pa.schema([(name, known[name].arrow) for name in names])
        most = min(self.app.politeness.batch_rows, MOST_ROWS)
        try:
            # All columns are selected, since not every name can be quoted, and few are fetched.
            rows = self._native.rows(f"select * from {self._relation(table)}", names)
            while taken := list(islice(rows, most)):
                arrays = [
                    pa.array([row[name] for row in taken], known[name].arrow) for name in names
                ]
                self._refuse_cut_off(table, names, arrays)
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)
        except (OdbcError, UnicodeDecodeError) as error:
            raise self._failed(table, error) from None
        if self._look() != self._stamp:
            raise SourceError(
                f"{self.app.app}: {self.app.app}.{table} changed while it was read; run it again"
            )

    def _refuse_cut_off(self, table: str, names: Sequence[str], arrays: Sequence[pa.Array]) -> None:
        for name, array in zip(names, arrays, strict=True):
            if not pa.types.is_string(array.type):
                continue
            longest = pc.max(pc.binary_length(array)).as_py()
            if longest is not None and longest >= LONGEST_TEXT:
                raise SourceError(
                    f"{self.app.app}: {self.app.app}.{table} has a text of over {LONGEST_TEXT:,} "
                    f"bytes in column {name!r}, which MDBTools cuts off; leave the column out "
                    f"(policy: drop in {self.app.app}.yml), or export the table to a CSV file"
                )

    def _columns(self, table: str) -> list[Described]:
        if table not in self._described:
            query = f"select * from {self._relation(table)} where 1 = 0"
            try:
                self._described[table] = self._native.describe(query)
            except OdbcError as error:
                raise self._failed(table, error) from None
        return self._described[table]

    def _relation(self, table: str) -> str:
        return f"[{self.app.source_name(table)}]"

    def _look(self) -> tuple[int, int] | None:
        if not self._file.is_file():
            return None
        state = self._file.stat()
        return state.st_size, state.st_mtime_ns

    def _failed(self, table: str, error: Exception) -> SourceError:
        where = f"{self.app.app}: can't read {self.app.app}.{table}"
        if isinstance(error, UnicodeDecodeError):
            return SourceError(f"{where}: it has a text that is cut off within a character")
        said = self.connection.redact(str(error)).splitlines()[0]
        name = self.app.source_name(table)
        return SourceError(f"{where}: {said} (is there a table {name!r} in the file?)")


def _arrival(described: Described) -> Arrival:
    """What Access declares; its decimals don't say how many places they have."""
    if described.code in BINARY_TYPES:
        return arrival(described, described.name)
    declared = ACCESS_TYPES.get(described.type_name)
    if declared is None:
        plain = arrival(described, described.name)
        declared = plain.declared_type
    return as_text(described.name, described.name, declared, None)
