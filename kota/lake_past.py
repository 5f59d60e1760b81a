"""Rows of the past on the terminal or in a file, with personal columns masked."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from connectors.registry import App
from kota.console import print_json, print_table
from kota.settings import Settings
from lake.columns import literal, quoted
from lake.engine import connect

MASK = "•••"
LIMIT = 50
FORMATS = {".csv": "csv, header", ".parquet": "parquet"}


class PastError(Exception):
    """The rows can't be shown or written; the message says why."""


@dataclass(frozen=True)
class Past:
    """Rows to show: a query over a table of the lake, narrowed and masked."""

    app: App
    table: str
    query: str
    where: str | None = None
    limit: int | None = None
    show_personal: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    order: Sequence[str] = ()
    """Columns by which the rows stand in order."""

    def write(self, settings: Settings, path: Path) -> int:
        """Write the rows into a file that only its owner can read; how many there are.

        Personal columns are masked there as well. Raises ``PastError``.
        """
        form = FORMATS.get(path.suffix.lower())
        if form is None:
            raise PastError(f"{path}: write a .csv or a .parquet file")
        mask = os.umask(0o077)
        try:
            with connect(settings, timezone=self.app.timezone) as con:
                copy = f"copy ({self._sql(con)}) to {literal(str(path))} (format {form})"
                row = con.execute(copy, dict(self.parameters) or None).fetchone()
                return int(row[0]) if row else 0
        except duckdb.Error as error:
            raise PastError(self._reason(error)) from error
        finally:
            os.umask(mask)

    def fetch(self, con: duckdb.DuckDBPyConnection) -> tuple[list[str], list[tuple[object, ...]]]:
        """Column names and rows. Raises ``PastError``."""
        try:
            result = con.execute(self._sql(con), dict(self.parameters) or None)
            return [column[0] for column in result.description or ()], result.fetchall()
        except duckdb.Error as error:
            raise PastError(self._reason(error)) from error

    def _sql(self, con: duckdb.DuckDBPyConnection) -> str:
        narrowed = f"select * from ({self.query})"
        if self.where:
            narrowed += f" where ({self.where})"
        described = con.execute(f"describe {narrowed}", dict(self.parameters) or None).fetchall()
        columns = ", ".join(self._shown(row[0]) for row in described)
        limit = f" limit {self.limit}" if self.limit else ""
        order = f" order by {', '.join(f'n.{quoted(name)}' for name in self.order)}"
        return f"select {columns} from ({narrowed}) as n{order if self.order else ''}{limit}"

    def _shown(self, column: str) -> str:
        said = self.app.tables[self.table].columns.get(column)
        name = quoted(column)
        if said is None or said.personal is None or self.show_personal:
            return name
        return f"case when {name} is not null then {literal(MASK)} end as {name}"

    def _reason(self, error: duckdb.Error) -> str:
        """What the engine said about a condition; a failed conversion would show a value."""
        name = f"{self.app.app}.{self.table}"
        if isinstance(error, duckdb.BinderException | duckdb.ParserException):
            return f"{name}: {str(error).splitlines()[0]}"
        return f"{name}: the rows can't be read ({type(error).__name__})"


def read_past(rows: Past, settings: Settings, title: str, as_json: bool) -> None:
    """Print rows, as a table or as JSON. Raises ``PastError``."""
    with connect(settings, timezone=rows.app.timezone) as con:
        names, values = rows.fetch(con)
    if as_json:
        print_json([dict(zip(names, row, strict=True)) for row in values])
        return
    shown = values[: rows.limit or LIMIT]
    more = f", the first {len(shown)} of {len(values)}" if len(values) > len(shown) else ""
    print_table(f"{title}{more}", names, shown)
