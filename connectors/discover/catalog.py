"""Ask a database about itself, politely: its catalog, and a few rows of a table as text.

Rows are asked for as text of at most ``WIDTH`` characters. Text survives every type, and the
zero dates and broken values that a typed read would hide are then seen as they are.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import duckdb

from connectors.connection import Connection
from connectors.discover.facts import ColumnFacts, ServerFacts, TableFacts
from connectors.reader import SourceError
from connectors.scanner import ATTACHED
from lake.columns import literal, quoted

WIDTH = 255


class Catalog(ABC):
    """A database attached to a DuckDB session as ``source``."""

    query_function: str
    """DuckDB's function that hands a query to this kind of database as it is."""
    quote = '"'

    def __init__(
        self, con: duckdb.DuckDBPyConnection, connection: Connection, schema: str | None
    ) -> None:
        self.con = con
        self.connection = connection
        self.schema = schema or self.default_schema()

    @abstractmethod
    def default_schema(self) -> str:
        """The schema whose tables are meant when none is named."""

    @abstractmethod
    def tables(self) -> list[TableFacts]:
        """Every table and view of the schema, by name."""

    @abstractmethod
    def server(self) -> ServerFacts:
        """The server's clock and zone, and what the account may do."""

    @abstractmethod
    def as_text(self, column: ColumnFacts) -> str:
        """SQL of the source for a column's value as a short text."""

    def other_schemas(self) -> dict[str, int]:
        """Other schemas that hold tables, with the number of them."""
        return {}

    def relation(self, table: str) -> str:
        """The table in the source's own SQL."""
        return f"{self.quoted(self.schema)}.{self.quoted(table)}"

    def quoted(self, name: str) -> str:
        """A name as an identifier in the source's own SQL."""
        return self.quote + name.replace(self.quote, self.quote * 2) + self.quote

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query in the source's own SQL. Raises ``SourceError`` without its values."""
        try:
            return self.con.execute(self._handed(query)).fetchall()
        except duckdb.Error as error:
            raise SourceError(self.reason(error)) from None

    def keep(self, name: str, query: str) -> int:
        """Keep the rows of a query under ``name`` in the session; gives their number."""
        try:
            self.con.execute(
                f"create or replace temp table {quoted(name)} as {self._handed(query)}"
            )
        except duckdb.Error as error:
            raise SourceError(self.reason(error)) from None
        row = self.con.execute(f"select count(*) from {quoted(name)}").fetchone()
        return int(row[0]) if row else 0

    def forget(self, name: str) -> None:
        """Drop what was kept under ``name``."""
        self.con.execute(f"drop table if exists {quoted(name)}")

    def one(self, query: str) -> tuple[Any, ...]:
        """The only row of a query."""
        return self.ask(query)[0]

    def texts(self, columns: Sequence[ColumnFacts]) -> str:
        """A select list of the columns as text, under short names that no database can object to.

        Names such as ``Name`` and ``name`` in one table would be one to DuckDB.
        """
        return ", ".join(
            f"{self.as_text(column)} as {self.quoted(f'c{index}')}"
            for index, column in enumerate(columns)
        )

    def reason(self, error: Exception) -> str:
        """The first line of an error without the password."""
        lines = self.connection.redact(str(error)).strip().splitlines()
        return lines[0] if lines else type(error).__name__

    def _handed(self, query: str) -> str:
        return f"select * from {self.query_function}({literal(ATTACHED)}, {literal(query)})"
