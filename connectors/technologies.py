"""Which reader reads which technology: the scheme of the app's connection decides.

A reader's module, and the libraries it needs, are loaded when the first app needs it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module

from connectors.connection import Connection, find_connection
from connectors.reader import Reader, SourceError
from connectors.registry import App
from kota.settings import Settings

READERS = {
    "mysql": "connectors.mysql:MysqlReader",
    "postgres": "connectors.postgres:PostgresReader",
    "sqlite": "connectors.sqlite:SqliteReader",
    "mssql": "connectors.odbc:open_odbc",
    "access": "connectors.odbc:open_odbc",
    "odbc": "connectors.odbc:open_odbc",
    "oracle": "connectors.oracle:OracleReader",
    "http": "connectors.rest:RestReader",
    "https": "connectors.rest:RestReader",
    "file": "connectors.files.reader:FileReader",
    "sftp": "connectors.files.reader:FileReader",
    "ftp": "connectors.files.reader:FileReader",
    "ftps": "connectors.files.reader:FileReader",
    "s3": "connectors.files.reader:FileReader",
}
"""By URI scheme: the module and class of the reader."""

OpenReader = Callable[[App, Connection, Settings], AbstractContextManager[Reader]]


def open_reader(app: App, settings: Settings) -> AbstractContextManager[Reader]:
    """A session with the app.

    Raises ``ConnectionMissingError`` without a URI, ``SourceError`` for an unknown technology.
    """
    connection = find_connection(app.connection)
    if connection.scheme not in READERS:
        raise SourceError(
            f"{app.app}: no reader for {connection.scheme!r}; "
            f"a connection starts with one of {', '.join(READERS)}"
        )
    module, name = READERS[connection.scheme].split(":")
    reader: OpenReader = getattr(import_module(module), name)
    return reader(app, connection, settings)
