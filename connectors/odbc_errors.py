"""What goes wrong with ODBC, in one sentence and without the password."""

from connectors.connection import Connection
from connectors.reader import SourceError
from connectors.registry import App


def cannot_connect(app: App, connection: Connection, error: Exception) -> SourceError:
    """The error for a session that could not begin."""
    place = connection.options.get("dsn") or connection.host or f"/{connection.path.lstrip('/')}"
    account = f" as {connection.user}" if connection.user else ""
    return SourceError(
        f"{app.app}: can't connect to its database by ODBC at {place}{account}: "
        f"{reason(connection, error)}"
    )


def reason(connection: Connection, error: Exception) -> str:
    """What the driver says, in one line and without the password."""
    said = str(error).rpartition("Message: ")[2].strip() or type(error).__name__
    return connection.redact(said).splitlines()[0]
