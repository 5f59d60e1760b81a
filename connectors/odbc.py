"""Read any database that has an ODBC driver, by arrow-odbc.

How to write the connection::

    mssql://user:password@host:1433/database              Microsoft's driver 18 or 17, or FreeTDS
    access:///path/to/file.mdb                            MDBTools (no account)
    odbc://user:password@host:port/database?driver=NAME   any installed driver
    odbc://user:password@?dsn=NAME                        a data source of odbc.ini

``?driver=`` names another driver, as odbcinst.ini has it or by the path of its library. Every
other option goes to the driver as it is: ``?TrustServerCertificate=yes``.

What a driver can do decides how it is read. Most hand over thousands of rows at once, and
arrow-odbc takes them. MDBTools hands over one at a time: see ``connectors.odbc_rows``.

MariaDB, MySQL and PostgreSQL have readers of their own, which are faster; through ODBC they are
what this one is tested against. SQL Server's dialect was written from its documentation and has
not met a server yet.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.connection import Connection
from connectors.odbc_dialect import Dialect, dialect_of
from connectors.odbc_driver import NoDriverError, connection_string
from connectors.odbc_errors import cannot_connect
from connectors.odbc_native import NativeConnection, OdbcError, installed_drivers
from connectors.odbc_rows import RowOdbcReader
from connectors.odbc_types import Arrival
from connectors.reader import Reader, SourceError
from connectors.registry import App
from kota.settings import Settings


@contextmanager
def open_odbc(app: App, connection: Connection, _settings: Settings) -> Iterator[Reader]:
    """A session with the app by ODBC. Raises ``SourceError``."""
    file = Path("/" + connection.path.lstrip("/"))
    if connection.scheme == "access" and not file.is_file():
        raise SourceError(f"{app.app}: there is no file {file}")
    try:
        string = connection_string(connection, installed_drivers())
    except (OdbcError, NoDriverError) as error:
        raise SourceError(f"{app.app}: {error}") from None
    try:
        native = NativeConnection(string)
    except OdbcError as error:
        raise cannot_connect(app, connection, error) from None
    if not native.fetches_arrays():
        with native:
            yield RowOdbcReader(app, connection, native)
        return
    try:
        with native:
            dialect = dialect_of(native.database(), native.quote())
        string += dialect.settings
        with NativeConnection(string) as native:
            described = _describe_all(app, native, dialect)
    except OdbcError as error:
        raise cannot_connect(app, connection, error) from None
    # Loaded here, because it can't be where there is no ODBC driver manager.
    from connectors.odbc_arrow import ArrowOdbcReader

    with ArrowOdbcReader(app, connection, string, dialect, described) as reader:
        yield reader


def _describe_all(
    app: App, native: NativeConnection, dialect: Dialect
) -> dict[str, list[Arrival] | SourceError]:
    """How the columns of the app's tables arrive; for a table that can't be read, why not."""
    described: dict[str, list[Arrival] | SourceError] = {}
    for table in app.tables:
        relation = dialect.table(app.schema_, app.source_name(table))
        try:
            columns = native.describe(f"select * from {relation} where 1 = 0")
            described[table] = [dialect.arrival(column) for column in columns]
        except OdbcError as error:
            reason = str(error).splitlines()[0]
            described[table] = SourceError(f"{app.app}: can't read {app.app}.{table}: {reason}")
    return described
