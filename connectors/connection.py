"""Find an app's connection: a URI from the environment, never from a file in git."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

PREFIXES = ("KOTA_CONN_", "AIRFLOW_CONN_")
SECRET_OPTION = re.compile("pwd|password|secret|key|token", re.IGNORECASE)


class ConnectionMissingError(Exception):
    """No connection of that id is set, or it can't be read; the message says what to set."""


@dataclass(frozen=True)
class Connection:
    """A parsed connection URI; its password and its options are in no text form of it."""

    scheme: str
    host: str
    port: int | None
    user: str
    password: str = field(repr=False)
    path: str
    """Database name, file path or base path, without the leading slash of the URI."""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The URI's query, names in lower case: ``?driver=FreeTDS``."""

    def redact(self, text: str) -> str:
        """``text`` without password and secret options, for errors of libraries that print them."""
        secrets = [value for name, value in self.options.items() if SECRET_OPTION.search(name)]
        # The longest first: one secret may be a part of another.
        for secret in sorted({self.password, *secrets} - {""}, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text


def find_connection(connection_id: str, environment: Mapping[str, str] | None = None) -> Connection:
    """The connection ``connection_id``. Raises ``ConnectionMissingError``."""
    env = os.environ if environment is None else environment
    names = [prefix + connection_id.upper() for prefix in PREFIXES]
    uri = next((env[name] for name in names if env.get(name)), None)
    if uri is None:
        raise ConnectionMissingError(
            f"connection {connection_id!r} is not set: put its URI in {names[0]}, "
            "for example mysql://user:password@host:3306/database"
        )
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        raise ConnectionMissingError(
            f"connection {connection_id!r} is not a URI such as mysql://user:password@host/database"
        ) from None
    return Connection(
        scheme=_scheme(parts),
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        path=unquote(parts.path[1:]),
        options=MappingProxyType(
            {name.lower(): value for name, value in parse_qsl(parts.query, keep_blank_values=True)},
        ),
    )


def _scheme(parts: SplitResult) -> str:
    """The technology: drivers after a plus sign and older spellings don't matter to us."""
    scheme = re.sub(r"\+.*", "", parts.scheme.lower())
    return {"mariadb": "mysql", "postgresql": "postgres"}.get(scheme, scheme)
