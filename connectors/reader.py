"""What kota asks of every technology: describe a table, count it, read it, list its keys."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import pyarrow as pa

from connectors.registry import App
from lake.changes import Column


class SourceError(Exception):
    """The source can't be read; the message is one sentence for the engineer, without secrets."""


class Reader(Protocol):
    """One session with one app. Everything read in a session is from one moment, where it can be.

    Tables are named as in the registry. Every method raises ``SourceError``.
    """

    def describe(self, table: str) -> list[Column]:
        """The table's columns in order: the type in which values arrive and the declared one."""

    def count(self, table: str) -> int | None:
        """Rows at the source, or None where it can't count."""

    def read(
        self, table: str, columns: Sequence[Column], since: str | None
    ) -> Iterator[pa.RecordBatch]:
        """Stream these columns; from cursor value ``since`` on, inclusive, or all rows."""

    def keys(self, table: str) -> Iterator[pa.RecordBatch]:
        """Stream the key columns of every row, as ``read`` would give them."""


def landing_columns(app: App, table: str, described: Sequence[Column]) -> list[Column]:
    """The described columns with the registry's types and policies, without the dropped ones.

    Raises ``SourceError`` when the registry names a column that the source does not have.
    """
    entry = app.tables[table]
    known = {column.name for column in described}
    named = {*entry.key, *entry.columns, *([entry.cursor] if entry.cursor else [])}
    if unknown := sorted(named - known):
        raise SourceError(
            f"{app.app}.{table}: the source has no column {', '.join(unknown)}; "
            f"correct {app.app}.yml (it has {', '.join(sorted(known))})"
        )
    columns = []
    for column in described:
        said = entry.columns.get(column.name)
        declared = said.type.upper() if said and said.type else column.declared_type
        policy = said.policy if said else "keep"
        if policy != "drop":
            columns.append(Column(column.name, column.source_type, declared, policy))
    return columns
