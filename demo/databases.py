"""The kinds of databases that the city's apps have, each with the app's own tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from demo.keeper import Tables
from demo.store import Store, database_of
from demo.store_mariadb import MariaDBStore
from demo.store_postgres import PostgresStore
from demo.store_sqlite import SQLiteStore


def file_of(uri: str) -> Path:
    """The path in ``sqlite:////absolute/path``."""
    return Path(database_of(urlsplit(uri)))


@dataclass(frozen=True)
class MariaDB:
    """A database in MariaDB, or an SQLite file of the same tables where there is no MariaDB.

    Both map each table's name to its CREATE TABLE statement.
    """

    tables: Mapping[str, str]
    sqlite_tables: Mapping[str, str]

    def open(self, app_id: str, uri: str, reader: str | None) -> Tables:  # noqa: ARG002
        """``mysql://…``, or ``sqlite:////absolute/path``."""
        store: Store
        if uri.startswith("sqlite:"):
            store = SQLiteStore(file_of(uri), self.sqlite_tables)
        else:
            store = MariaDBStore(uri, self.tables)
        return Tables(app_id, store)


@dataclass(frozen=True)
class PostgreSQL:
    """A schema in a PostgreSQL database; the statements name it before each table."""

    schema: str
    tables: Mapping[str, str]
    indexes: Sequence[str] = ()

    def open(self, app_id: str, uri: str, reader: str | None) -> Tables:
        """``postgresql://…``."""
        store = PostgresStore(uri, self.schema, self.tables, self.indexes, reader=reader)
        return Tables(app_id, store)


@dataclass(frozen=True)
class SQLite:
    """An SQLite file."""

    tables: Mapping[str, str]
    indexes: Sequence[str] = ()
    journal: str = "DELETE"

    def open(self, app_id: str, uri: str, reader: str | None) -> Tables:  # noqa: ARG002
        """``sqlite:////absolute/path``."""
        store = SQLiteStore(file_of(uri), self.tables, self.indexes, journal=self.journal)
        return Tables(app_id, store)
