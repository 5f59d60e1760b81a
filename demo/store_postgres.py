"""Legacy apps' databases in PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pyarrow as pa
from psycopg import sql

from demo.perizinan_schema import PERIZINAN
from demo.postgres_schema import PostgresSchema
from demo.store import tab_separated


class PostgresStore:
    """``uri``: ``postgresql://user:password@host:port/database``; ``schema`` is the app's, and
    ``reader`` a role that may read everything, also after the tables were made anew."""

    engine = "postgresql"

    def __init__(
        self, uri: str, schema: PostgresSchema = PERIZINAN, *, reader: str | None = None
    ) -> None:
        self._schema = schema
        self._reader = reader
        self._connection = psycopg.connect(uri, autocommit=True)

    def reset(self) -> None:
        """Drop the app's schema and create its tables empty."""
        execute = self._connection.execute
        execute("SET client_min_messages = warning")
        execute(f"DROP SCHEMA IF EXISTS {self._schema.name} CASCADE")
        execute(f"CREATE SCHEMA {self._schema.name}")
        for statement in (*self._schema.tables.values(), *self._schema.indexes):
            execute(statement)
        if self._reader is not None:
            names = sql.Identifier(self._schema.name), sql.Identifier(self._reader)
            execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(*names))
            execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(*names))

    def fill(self, table: str, rows: pa.Table) -> None:
        """Add rows that are not there yet."""
        self._copy(f"{self._schema.name}.{table}", rows)

    def upsert(self, table: str, key: str, rows: pa.Table) -> None:
        """Add rows, replacing those with the same key."""
        self._connection.execute(
            f"CREATE TEMP TABLE arriving (LIKE {self._schema.name}.{table}) ON COMMIT DROP"
        )
        self._copy("arriving", rows)
        replaced = ", ".join(f"{c} = excluded.{c}" for c in rows.column_names if c != key)
        self._connection.execute(
            f"INSERT INTO {self._schema.name}.{table} SELECT * FROM arriving "
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
                f"DELETE FROM {self._schema.name}.{table} WHERE {key} = %s", [(k,) for k in keys]
            )

    def count(self, table: str) -> int | None:
        """Rows in a table; None if there is no such table."""
        try:
            row = self._connection.execute(
                f"SELECT count(*) FROM {self._schema.name}.{table}"
            ).fetchone()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return None
        return int(row[0]) if row else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with self._connection.transaction():
            yield

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()
