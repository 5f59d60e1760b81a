"""Look into a source of whatever kind: a database, ODBC, a place of files, or a REST resource."""

from connectors.connection import Connection
from connectors.discover import files, session
from connectors.discover.discover import DEFAULT_SAMPLE, discover
from connectors.discover.draft import Draft
from connectors.discover.odbc import TECHNOLOGIES as BY_ODBC
from connectors.discover.odbc import discover_odbc
from connectors.discover.progress import Progress
from connectors.discover.rest import TECHNOLOGIES as BY_REST
from connectors.discover.rest import discover_rest
from kota.settings import Settings

TECHNOLOGIES = {
    **session.TECHNOLOGIES,
    **BY_ODBC,
    **files.TECHNOLOGIES,
    **BY_REST,
}
"""What can be looked into, by the scheme of its connection."""
_LOOKS = {
    **dict.fromkeys(session.TECHNOLOGIES, discover),
    **dict.fromkeys(BY_ODBC, discover_odbc),
    **dict.fromkeys(files.TECHNOLOGIES, files.discover_files),
    **dict.fromkeys(BY_REST, discover_rest),
}


def discover_any(
    connection: Connection,
    settings: Settings,
    *,
    app: str,
    connection_id: str,
    department: str | None = None,
    schema: str | None = None,
    sample_rows: int = DEFAULT_SAMPLE,
    progress: Progress = lambda _done, _total, _table: None,
) -> Draft:
    """Draft the registry entry of a source. Raises ``SourceError``."""
    return _LOOKS[connection.scheme](
        connection,
        settings,
        app=app,
        connection_id=connection_id,
        department=department,
        schema=schema,
        sample_rows=sample_rows,
        progress=progress,
    )
