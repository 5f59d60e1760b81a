"""An app's database in MariaDB: LAKSA's and SIMPEG's, where the machine has one."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pymysql

from demo.store import database_of, tab_separated


class MariaDBStore:
    """``uri``: ``mysql://user:password@host:port/database``; the database exists already.

    ``tables`` maps each table's name to its CREATE TABLE statement.
    """

    engine = "mariadb"

    def __init__(self, uri: str, tables: Mapping[str, str]) -> None:
        self._tables = tables
        parts = urlsplit(uri)
        self._connection = pymysql.connect(
            host=parts.hostname,
            port=parts.port or 3306,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            database=database_of(parts),
            charset="utf8mb4",
            local_infile=True,
            # As the legacy server ran: zero dates are welcome.
            sql_mode="NO_ENGINE_SUBSTITUTION",
        )

    def reset(self) -> None:
        """Drop the app's tables and create them empty."""
        with self._connection.cursor() as cursor:
            for table, definition in self._tables.items():
                cursor.execute(f"DROP TABLE IF EXISTS `{table}`")
                cursor.execute(definition)

    def fill(self, table: str, rows: pa.Table) -> None:
        """Add rows that are not there yet."""
        self._load(table, rows, "")

    def upsert(self, table: str, key: str, rows: pa.Table) -> None:  # noqa: ARG002
        """Add rows, replacing those with the same primary key."""
        self._load(table, rows, "REPLACE")

    def _load(self, table: str, rows: pa.Table, manner: str) -> None:
        columns = ", ".join(f"`{column}`" for column in rows.column_names)
        with (
            tempfile.NamedTemporaryFile(suffix=".tsv") as file,
            self._connection.cursor() as cursor,
        ):
            Path(file.name).write_bytes(tab_separated(rows))
            cursor.execute(
                f"LOAD DATA LOCAL INFILE %s {manner} INTO TABLE `{table}` "
                f"CHARACTER SET utf8mb4 ({columns})",
                (file.name,),
            )

    def delete(self, table: str, key: str, keys: Sequence[Any]) -> None:
        """Delete rows by key, if they are there."""
        with self._connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM `{table}` WHERE `{key}` = %s", [(k,) for k in keys])

    def count(self, table: str) -> int | None:
        """Rows in a table; None if there is no such table."""
        with self._connection.cursor() as cursor:
            try:
                cursor.execute(f"SELECT count(*) FROM `{table}`")
            except pymysql.err.ProgrammingError:
                return None
            (rows,) = cursor.fetchone()
        return int(rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, except ``reset``: this engine cannot take back a CREATE TABLE."""
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()
