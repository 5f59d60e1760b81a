"""Which reader reads which technology: the scheme of the app's connection decides."""

from contextlib import AbstractContextManager

from connectors.connection import find_connection
from connectors.mysql import MysqlReader
from connectors.postgres import PostgresReader
from connectors.reader import Reader, SourceError
from connectors.registry import App
from connectors.rest import RestReader
from connectors.sqlite import SqliteReader
from kota.settings import Settings


def open_reader(app: App, settings: Settings) -> AbstractContextManager[Reader]:
    """A session with the app.

    Raises ``ConnectionMissingError`` without a URI, ``SourceError`` for an unknown technology.
    """
    connection = find_connection(app.connection)
    match connection.scheme:
        case "mysql":
            return MysqlReader(app, connection, settings)
        case "postgres":
            return PostgresReader(app, connection, settings)
        case "sqlite":
            return SqliteReader(app, connection, settings)
        case "http" | "https":
            return RestReader(app, connection)
    raise SourceError(
        f"{app.app}: no reader for {connection.scheme!r}; "
        "a connection starts with mysql, postgresql, sqlite, http or https"
    )
