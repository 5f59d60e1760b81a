"""An app's database in an SQLite file."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa


class SQLiteStore:
    """``tables`` maps each table's name to its CREATE TABLE statement."""

    engine = "sqlite"

    def __init__(
        self,
        path: Path,
        tables: Mapping[str, str],
        indexes: Sequence[str] = (),
        *,
        journal: str = "DELETE",
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._tables = tables
        self._indexes = indexes
        self._connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        self._connection.execute(f"PRAGMA journal_mode={journal}")
        self._connection.execute("PRAGMA synchronous=NORMAL")

    def reset(self) -> None:
        """Drop the app's tables and create them empty."""
        for table, definition in self._tables.items():
            self._connection.execute(f'DROP TABLE IF EXISTS "{table}"')
            self._connection.execute(definition)
        for index in self._indexes:
            self._connection.execute(index)

    def fill(self, table: str, rows: pa.Table) -> None:
        """Add rows that are not there yet."""
        self._insert("INSERT", table, rows)

    def upsert(self, table: str, key: str, rows: pa.Table) -> None:  # noqa: ARG002
        """Add rows, replacing those with the same primary key."""
        self._insert("INSERT OR REPLACE", table, rows)

    def _insert(self, verb: str, table: str, rows: pa.Table) -> None:
        columns = ", ".join(f'"{column}"' for column in rows.column_names)
        places = ", ".join("?" for _ in rows.column_names)
        self._connection.executemany(
            f'{verb} INTO "{table}" ({columns}) VALUES ({places})',
            zip(*(column.to_pylist() for column in rows.columns), strict=True),
        )

    def delete(self, table: str, key: str, keys: Sequence[Any]) -> None:
        """Delete rows by key, if they are there."""
        self._connection.executemany(
            f'DELETE FROM "{table}" WHERE "{key}" = ?', [(k,) for k in keys]
        )

    def count(self, table: str) -> int | None:
        """Rows in a table; None if there is no such table."""
        try:
            (rows,) = self._connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        except sqlite3.OperationalError:
            return None
        return int(rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()
