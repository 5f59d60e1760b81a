"""A connection given on the command line: as a URI, or by the id under which it is set."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import quote, urlencode

from connectors.connection import PREFIXES, SECRET_OPTION, Connection, find_connection
from connectors.discover.names import lake_name


def named_or_given(source: str, connection_id: str) -> Connection:
    """The connection of a URI, or of an id, with a resource after it or none.

    Raises ``ConnectionMissingError``.
    """
    if "://" not in source:
        name, _, resource = source.partition("/")
        found = find_connection(name)
        path = "/".join(part for part in (found.path.rstrip("/"), resource) if part)
        return replace(found, path=path) if resource else found
    given: Mapping[str, str] = {variable(connection_id): source}
    return find_connection(connection_id, given)


def app_name(source: str) -> str:
    """A name for the app: that of its connection, database, file or folder."""
    if "://" not in source:
        return lake_name(source.partition("/")[0])
    path = find_connection("new", {variable("new"): source}).path
    stem = PurePath(path).stem if "/" in path or "." in path else path
    return re.sub(r"^(db|database)_(?=[a-z])", "", lake_name(stem or "app"))


def variable(connection_id: str) -> str:
    """The environment variable of a connection."""
    return PREFIXES[0] + connection_id.upper()


def shown(connection: Connection) -> str:
    """The URI as it may be printed: with *** for the password."""
    account = quote(connection.user, safe="")
    if connection.password:
        account += ":***"
    host = connection.host if ":" not in connection.host else f"[{connection.host}]"
    port = f":{connection.port}" if connection.port else ""
    at = "@" if account else ""
    hidden = {
        name: "***" if SECRET_OPTION.search(name) else value
        for name, value in connection.options.items()
    }
    query = f"?{urlencode(hidden, safe='*/')}" if hidden else ""
    return f"{connection.scheme}://{account}{at}{host}{port}/{connection.path}{query}"
