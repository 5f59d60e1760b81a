"""An app's database in PostgreSQL: all of it in one schema."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pyarrow as pa
from psycopg import sql

from demo.store import tab_separated


class PostgresStore:
    """``uri``: ``postgresql://user:password@host:port/database``; ``reader`` is a role that may
    read everything, also after the tables were made anew.

    ``tables`` maps each table's name to its CREATE TABLE statement, which names the schema.
    """

    engine = "postgresql"

    def __init__(
        self,
        uri: str,
        schema: str,
        tables: Mapping[str, str],
        indexes: Sequence[str] = (),
        *,
        reader: str | None = None,
    ) -> None:
        self._schema = schema
        self._tables = tables
        self._indexes = indexes
        self._reader = reader
        self._connection = psycopg.connect(uri, autocommit=True)

    def reset(self) -> None:
        """Drop the app's schema and create its tables empty."""
        execute = self._connection.execute
        execute("SET client_min_messages = warning")
        execute(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE")
        execute(f"CREATE SCHEMA {self._schema}")
        for statement in (*self._tables.values(), *self._indexes):
            execute(statement)
        if self._reader is not None:
            reader = sql.Identifier(self._reader)
            execute(sql.SQL(f"GRANT USAGE ON SCHEMA {self._schema} TO {{}}").format(reader))
            execute(
                sql.SQL(f"GRANT SELECT ON ALL TABLES IN SCHEMA {self._schema} TO {{}}").format(
                    reader
                )
            )

    def fill(self, table: str, rows: pa.Table) -> None:
        """Add rows that are not there yet."""
        self._copy(f"{self._schema}.{table}", rows)

    def upsert(self, table: str, key: str, rows: pa.Table) -> None:
        """Add rows, replacing those with the same key."""
        self._connection.execute(
            f"CREATE TEMP TABLE arriving (LIKE {self._schema}.{table}) ON COMMIT DROP"
        )
        self._copy("arriving", rows)
        replaced = ", ".join(f"{c} = excluded.{c}" for c in rows.column_names if c != key)
        self._connection.execute(
            f"INSERT INTO {self._schema}.{table} SELECT * FROM arriving "
            f"ON CONFLICT ({key}) DO UPDATE SET {replaced}"
        )
        self._connection.execute("DROP TABLE arriving")

    def _copy(self, target: str, rows: pa.Table) -> None:
        columns = ", ".join(rows.column_names)
        with (
            self._connection.cursor() as cursor,
            cursor.copy(f"COPY {target} ({columns}) FROM STDIN") as copy,
        ):
            copy.write(tab_separated(rows))

    def delete(self, table: str, key: str, keys: Sequence[Any]) -> None:
        """Delete rows by key, if they are there."""
        with self._connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {self._schema}.{table} WHERE {key} = %s", [(k,) for k in keys]
            )

    def count(self, table: str) -> int | None:
        """Rows in a table; None if there is no such table."""
        try:
            counted = self._connection.execute(f"SELECT count(*) FROM {self._schema}.{table}")
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return None
        row = counted.fetchone()
        return int(row[0]) if row else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with self._connection.transaction():
            yield

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()
