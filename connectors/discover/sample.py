"""A look into a table: how many rows it has, and some of them, without straining its database."""

from dataclasses import dataclass

from connectors.discover.catalog import Catalog
from connectors.discover.facts import ColumnFacts, TableFacts
from lake.columns import quoted

COUNTED_ROWS = 1_000_000
"""A table that is thought to have more is never read or counted as a whole."""
COUNTED_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Sample:
    """Rows of one table as text, in the session's table ``name``."""

    catalog: Catalog
    table: TableFacts
    name: str
    rows: int
    """Rows in the sample."""
    table_rows: int | None
    """Rows in the table."""
    is_counted: bool
    """Whether the table's rows were counted, and not only estimated."""

    @property
    def is_whole(self) -> bool:
        """Whether the sample is the table."""
        return self.is_counted and self.rows == self.table_rows

    @property
    def may_scan(self) -> bool:
        """Whether the database can be asked for something that needs every row."""
        return self.is_counted and (self.table_rows or 0) <= COUNTED_ROWS

    def sql(self, column: ColumnFacts) -> str:
        """The column in DuckDB's SQL over the sample: text."""
        return quoted(f"c{self.table.columns.index(column)}")

    def ask(self, select: str) -> tuple[object, ...]:
        """The only row of ``select … from sample``."""
        row = self.catalog.con.execute(f"select {select} from {quoted(self.name)}").fetchone()
        return tuple(row or ())

    def count(self, select: str) -> list[int]:
        """Likewise, whole numbers."""
        return [int(str(value or 0)) for value in self.ask(select)]


def take(catalog: Catalog, table: TableFacts, limit: int, name: str) -> Sample:
    """Read at most ``limit`` rows: all of them, or the first and last by key, or whichever come.

    Raises ``SourceError`` when the table can't be read.
    """
    rows, is_counted = _count(catalog, table)
    relation, columns = catalog.relation(table.name), catalog.texts(table.columns)
    query = f"select {columns} from {relation} limit {limit}"
    if len(table.primary_key) == 1 and (rows or 0) > limit:
        key = catalog.quoted(table.primary_key[0])
        ends = [
            f"select * from (select {columns} from {relation} order by {key} {way} "
            f"limit {limit // 2}) as {end}"
            for way, end in (("asc", "oldest"), ("desc", "newest"))
        ]
        query = " union all ".join(ends)
    return Sample(catalog, table, name, catalog.keep(name, query), rows, is_counted)


def _count(catalog: Catalog, table: TableFacts) -> tuple[int | None, bool]:
    """The number of rows, counted where that is cheap; the estimate can be far off."""
    if (table.rows or 0) > COUNTED_ROWS or (table.bytes or 0) > COUNTED_BYTES:
        return table.rows, False
    (rows,) = catalog.one(f"select count(*) from {catalog.relation(table.name)}")
    return int(rows), True
