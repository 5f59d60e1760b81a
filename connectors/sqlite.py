"""Read SQLite files through DuckDB's scanner."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.controls import SourceSum
from connectors.legacy_text import with_text
from connectors.reader import KeyRange, SourceError
from connectors.scanner import ATTACHED, ScannerReader
from connectors.sqlite_sums import sums_sql
from connectors.sqlite_types import declared_type as declared_type
from connectors.sqlite_types import in_sqlite, on_arrival, since_sql
from lake.column import Column
from lake.columns import literal, quoted
from lake.control import kind_of
from lake.engine import load_extension

REASONS = {
    "file is not a database": "it is encrypted or no SQLite database",
    "malformed": "the file is damaged (database disk image is malformed)",
    "database is locked": "the app keeps it locked; try when the app is not writing",
    "unable to open": "it can't be opened; the folder must be readable and, in WAL mode, writable",
}
"""SQLite's words, and what they mean for the engineer."""


class SqliteReader(ScannerReader):
    """A session with a SQLite file.

    Any SQLite column can hold any type, so every value arrives as text and is decoded on landing,
    where one bad value costs that value only. Statements are SQLite's own, which knows its indexes.
    """

    technology = "SQLite"
    sums_by = "source"

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Attach the file; a missing one is an error, where SQLite would make an empty one."""
        load_extension(con, "sqlite_scanner")
        path = Path("/" + self.connection.path.lstrip("/"))
        if not path.is_file():
            raise duckdb.IOException(f"there is no file {path}")
        con.execute("set sqlite_all_varchar = true")
        con.execute(f"attach {literal(str(path))} as {ATTACHED} (type sqlite, read_only)")

    def begin(self, con: duckdb.DuckDBPyConnection) -> None:
        """Begin, and read something: from then on SQLite shows the file as it is at that moment."""
        con.begin()
        con.execute(f"select * from {_passed_on('select count(*) from sqlite_master')}").fetchall()

    def reason(self, error: Exception) -> str:
        """SQLite's own words, explained where they need it; without the statement."""
        said = super().reason(error)
        known = next((meaning for words, meaning in REASONS.items() if words in said), None)
        return known or said.rsplit('": ', 1)[-1]

    def relation(self, table: str) -> str:
        """SQLite has no schemas; the name is for SQLite itself."""
        return quoted(self.app.source_name(table))

    def describe(self, table: str) -> list[Column]:
        """Columns arrive as text, blobs as bytes; what they are declared to be says SQLite."""
        name = literal(self.app.source_name(table))
        # Generated columns are hidden from table_info; 1 is an argument of a virtual table.
        declared = f"select name, type from pragma_table_xinfo({name}) where hidden <> 1"
        rows = self._run(table, f"select * from {_passed_on(declared)}").fetchall()
        if not rows:
            raise SourceError(f"{self.app.app}.{table}: the file has no table {name}")
        columns = []
        for name_, type_ in rows:
            kind = declared_type(type_ or "")
            columns.append(Column(name_, "BLOB" if kind == "BLOB" else "VARCHAR", kind))
        return columns

    def count(self, table: str) -> int | None:
        """Rows of the file's table."""
        statement = f"select count(*) from {self.relation(table)}"
        row = self._run(table, f"select * from {_passed_on(statement)}").fetchone()
        return int(row[0]) if row else 0

    def control_sums(self, table: str, columns: Sequence[Column]) -> list[SourceSum]:
        """What columns add up to, by SQLite, in one pass over the table."""
        declared = {column.name: kind_of(column.lake_type) for column in self.describe(table)}
        asked = {
            column.name: parts
            for column in columns
            if kind_of(column.lake_type) in ("text", declared[column.name])
            and (parts := sums_sql(column))
        }
        if not asked:
            return []
        there = ", ".join(
            f"{part} as c{place}"
            for place, part in enumerate(p for parts in asked.values() for p in parts)
        )
        query = f"select * from {_passed_on(f'select {there} from {self.relation(table)}')}"
        (row,) = self._run(table, query).fetchall()
        return [
            SourceSum(name, int(values), total, least, greatest, is_exact=whole == "1")
            for place, name in enumerate(asked)
            for values, total, least, greatest, whole in [row[5 * place : 5 * place + 5]]
        ]

    def read(
        self,
        table: str,
        columns: Sequence[Column],
        since: str | None,
        part: KeyRange | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Stream columns; with ``since`` also rows whose cursor is empty or can't be compared."""
        entry = self.app.tables[table]
        test = None
        if part is not None:
            test = _range_sql(part)
        elif since is not None and entry.cursor is not None:
            cursor = next(column for column in columns if column.name == entry.cursor)
            if not cursor.formats:
                kind = cursor.declared_type
                test = since_sql(cursor.name, kind, since, self.app.timezone)
        yield from self._selected(table, columns, test)

    def keys(self, table: str) -> Iterator[pa.RecordBatch]:
        """Stream the key columns of every row, as ``read`` would give them."""
        known = {column.name: column for column in self.describe(table)}
        yield from self._selected(table, [known[name] for name in self.app.tables[table].key])

    def bounds(self, table: str, column: str) -> tuple[int, int] | None:
        """Least and greatest value by the index; None where they are not whole numbers."""
        name = quoted(column)
        statement = f"select min({name}) as a, max({name}) as z from {self.relation(table)}"
        row = self._run(
            table,
            "select try_cast(a as bigint), try_cast(z as bigint), "
            f"a not similar to '-?[0-9]+' or z not similar to '-?[0-9]+' "
            f"from {_passed_on(statement)}",
        ).fetchone()
        if row is None or row[0] is None or row[1] is None or row[2]:
            return None
        return int(row[0]), int(row[1])

    def _selected(
        self, table: str, columns: Sequence[Column], test: str | None = None
    ) -> Iterator[pa.RecordBatch]:
        there, here = [], []
        for column in columns:
            kind = "BLOB" if column.source_type == "BLOB" else column.declared_type
            there.append(in_sqlite(column.name, kind))
            as_it_is = "" if column.formats else kind
            here.append(on_arrival(column.name, as_it_is, self.app.timezone))
        statement = f"select {', '.join(there)} from {self.relation(table)}"
        if test:
            statement += f" where {test}"
        query = f"select {', '.join(here)} from {_passed_on(statement)}"
        text = {column.name for column in columns if column.source_type == "VARCHAR"}
        for batch in self._stream(table, query):
            yield with_text(batch, text)


def _passed_on(statement: str) -> str:
    """A statement for SQLite as a DuckDB relation; its rows come as a stream."""
    return f"sqlite_query({literal(ATTACHED)}, {literal(statement)})"


def _range_sql(part: KeyRange) -> str:
    """Rows of a part; SQLite sorts empty values first and text last, so each is in one part."""
    name = quoted(part.column)
    tests = [f"{name} > {part.after}"] if part.after is not None else []
    if part.upto is not None:
        upper = f"{name} <= {part.upto}"
        tests.append(upper if part.after is not None else f"({upper} or {name} is null)")
    return " and ".join(tests) or "true"
