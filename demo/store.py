"""Writing to a legacy app's own database, whatever it is."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv


class Store(Protocol):
    """One app's database, opened with the right to create and change its tables."""

    engine: str
    """``mariadb``, ``postgresql`` or ``sqlite``."""

    def reset(self) -> None:
        """Drop the app's tables and create them empty."""

    def fill(self, table: str, rows: pa.Table) -> None:
        """Add rows that are not there yet."""

    def upsert(self, table: str, key: str, rows: pa.Table) -> None:
        """Add rows, replacing those with the same key: safe to do twice."""

    def delete(self, table: str, key: str, keys: Sequence[Any]) -> None:
        """Delete rows by key, if they are there."""

    def count(self, table: str) -> int | None:
        """Rows in a table; None if there is no such table."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing."""

    def close(self) -> None:
        """Give the connection back."""


def tab_separated(rows: pa.Table) -> bytes:
    r"""Rows in the text format that PostgreSQL's COPY and MariaDB's LOAD DATA share: tabs, one line
    a row, ``\N`` for NULL. Values hold no tab, newline, quote or backslash: the generator makes
    none, and Arrow refuses to write them without quotes."""
    text = [pc.fill_null(column.cast(pa.string()), "\\N") for column in rows.columns]
    out = BytesIO()
    options = csv.WriteOptions(include_header=False, delimiter="\t", quoting_style="none")
    csv.write_csv(pa.table(text, names=rows.column_names), out, options)
    return out.getvalue()


def database_of(uri: SplitResult) -> str:
    """The path of a URI without its first slash: a database's name, or an absolute file path."""
    return unquote(uri.path[1:])
