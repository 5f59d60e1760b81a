"""Rows that were read already, held in the session: what databases prove by queries is proved here.

Files, services and ODBC sources answer no questions about their rows. A sample of them, or all of
them, is held as text in DuckDB, and judged by the same rules as a database's tables.
"""

from collections.abc import Callable, Iterable, Sequence

import duckdb
import pyarrow as pa

from connectors.connection import Connection
from connectors.discover.catalog import WIDTH, Catalog
from connectors.discover.facts import ColumnFacts, ServerFacts, TableFacts
from connectors.discover.sample import Sample
from lake.columns import quoted, quoted_list

MOST_HELD = 1_000_000
"""Rows of one table that are held; of a longer one, the first ones."""
MOST_VALUES = 50_000
"""Different values of a column that are looked at to find its type."""


class HeldRows(Catalog):
    """Tables of text in the session's own database."""

    query_function = ""

    def __init__(self, con: duckdb.DuckDBPyConnection, connection: Connection) -> None:
        super().__init__(con, connection, None)
        self._names: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def default_schema(self) -> str:
        """There is but one."""
        return "main"

    def tables(self) -> list[TableFacts]:
        """Nothing: what is held was described by whoever put it here."""
        return []

    def server(self) -> ServerFacts:
        """Nothing is known of it."""
        return ServerFacts(version="")

    def as_text(self, column: ColumnFacts) -> str:
        """The start of the text."""
        return f"substr({self.quoted(column.name)}, 1, {WIDTH})"

    def relation(self, table: str) -> str:
        """The table in the session."""
        return quoted(self._names[table])

    def hold(
        self,
        table: str,
        columns: Sequence[str],
        batches: Iterable[pa.RecordBatch],
        most: int = MOST_HELD,
        is_enough: Callable[[], bool] = lambda: False,
    ) -> int:
        """Hold the first rows of a table; gives the number of all of them.

        Once ``is_enough`` says so, no more batches are asked for.
        """
        name = f"held_{len(self._names)}"
        self._names[table] = name
        declared = ", ".join(f"{quoted(column)} varchar" for column in columns)
        self.con.execute(f"create or replace temp table {quoted(name)} ({declared})")
        values = ", ".join(f"{quoted(column)}::varchar" for column in columns)
        rows = held = 0
        for batch in batches:
            rows += batch.num_rows
            if held < most and batch.num_rows:
                some = pa.Table.from_batches([batch.slice(0, most - held)])
                self.con.register("arriving", some)
                self.con.execute(
                    f"insert into {quoted(name)} ({quoted_list(columns)}) "
                    f"select {values} from arriving"
                )
                self.con.unregister("arriving")
                held += some.num_rows
            if held >= most and is_enough():
                break
        self._counts[table] = held
        return rows

    def drop(self, table: str) -> None:
        """Hold it no longer."""
        self.con.execute(f"drop table {self.relation(table)}")

    def held(self, table: str) -> int:
        """How many of its rows are held."""
        return self._counts[table]

    def values(self, table: str, column: str) -> list[str]:
        """Different values of a column, not all if there are very many."""
        name = quoted(column)
        rows = self.con.execute(
            f"select distinct {name} from {self.relation(table)} where {name} is not null "
            f"limit {MOST_VALUES}"
        ).fetchall()
        return [row[0] for row in rows]

    def sample(self, facts: TableFacts, limit: int, rows: int | None) -> Sample:
        """Some of the held rows; ``rows`` are those of the table. Proofs take all that are held."""
        count = self.keep("sample", f"select {self.texts(facts.columns)} from "
                          f"{self.relation(facts.name)} limit {limit}")  # fmt: skip
        is_all = rows == self.held(facts.name)
        return Sample(self, facts, "sample", count, rows, is_counted=is_all)

    def _handed(self, query: str) -> str:
        return query
