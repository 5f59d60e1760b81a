"""Open a database for looking around: the same attachment the readers use, read-only."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from connectors.connection import Connection
from connectors.discover.catalog import Catalog
from connectors.discover.draft import FILL_IN_OWNER
from connectors.discover.mysql import MysqlCatalog
from connectors.discover.postgres import PostgresCatalog
from connectors.discover.sqlite import SqliteCatalog
from connectors.mysql import MysqlReader
from connectors.postgres import PostgresReader
from connectors.reader import SourceError
from connectors.registry import App, Politeness, Table
from connectors.scanner import ScannerReader
from connectors.sqlite import SqliteReader
from kota.settings import Settings
from lake.engine import connect

_DATABASES: dict[str, tuple[type[ScannerReader], type[Catalog]]] = {
    "mysql": (MysqlReader, MysqlCatalog),
    "postgres": (PostgresReader, PostgresCatalog),
    "sqlite": (SqliteReader, SqliteCatalog),
}

STATEMENT_SECONDS = 120
"""Whatever takes longer is not worth knowing."""
TECHNOLOGIES = {scheme: reader.technology for scheme, (reader, _) in _DATABASES.items()}


def is_database(connection: Connection) -> bool:
    """Whether the connection is to a database that has a catalog we can read."""
    return connection.scheme in _DATABASES


def stranger(
    name: str,
    *,
    schema: str | None = None,
    politeness: Politeness | None = None,
    tables: dict[str, Table] | None = None,
) -> App:
    """An app that nobody has registered yet, for readers, who want one."""
    return App(
        app=name,
        name=name,
        description="",
        department="new",
        owner=FILL_IN_OWNER,
        tier=3,
        connection=name,
        timezone="UTC",
        schedule="",
        freshness_hours=1,
        schema=schema,
        politeness=politeness or Politeness(statement_timeout_seconds=STATEMENT_SECONDS),
        tables=tables or {"new": Table(key=[], mode="snapshot")},
    )


@contextmanager
def open_catalog(
    connection: Connection,
    settings: Settings,
    *,
    connection_id: str,
    schema: str | None = None,
    politeness: Politeness | None = None,
) -> Iterator[Catalog]:
    """A session with a database. Raises ``SourceError``, which names the connection by its id."""
    reader_type, catalog_type = _DATABASES[connection.scheme]
    app = stranger(
        connection_id,
        schema=schema,
        politeness=politeness or Politeness(statement_timeout_seconds=STATEMENT_SECONDS),
    )
    reader = reader_type(app, connection, settings)
    with connect(settings) as con:
        try:
            reader.attach(con)
        except duckdb.Error as error:
            raise SourceError(
                f"can't connect to its {reader.technology} database: {reader.reason(error)}"
            ) from None
        yield catalog_type(con, connection, schema)
