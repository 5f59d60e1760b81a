"""What a PostgreSQL server meant: its errors as a reason and what to do about it."""

import re

from connectors.connection import Connection
from connectors.registry import App

_SAID_BY_SERVER = re.compile(r"(?:ERROR|FATAL|PANIC):\s+(.*)")
_SAID_BY_CLIENT = re.compile(r'Unable to connect to Postgres at ".*?": (.*)')


def reason(error: str, app: App, connection: Connection) -> str:
    """One clause without the statement and without a value, with what to do where it is known."""
    text = connection.redact(error).strip()
    where = f"{connection.host}:{connection.port or 5432}"
    known = (
        (
            r"Connection refused|could not translate host|timeout expired|No route to host"
            r"|Network is unreachable|Name or service not known",
            f"nothing answers at {where}; check the address, that the server runs and that it "
            "lets this machine in",
        ),
        (
            r"received invalid response to|expected authentication request",
            f"what answers at {where} is no PostgreSQL server; check the port",
        ),
        (
            r"password authentication failed|no password supplied|role .* does not exist",
            f"the server refused account {connection.user!r}; check user and password of "
            f"connection {app.connection!r}",
        ),
        (
            r"no pg_hba.conf entry",
            f"the server does not let account {connection.user!r} in from this machine; its "
            "pg_hba.conf has to allow it",
        ),
        (
            r'database ".*" does not exist|permission denied for database',
            f"there is no database {connection.path!r} that account {connection.user!r} may use",
        ),
        (r"too many (clients|connections)|remaining connection slots",
         "the server has no free connection"),
    )  # fmt: skip
    for pattern, said in known:
        if re.search(pattern, text):
            return said
    found = _SAID_BY_SERVER.search(text) or _SAID_BY_CLIENT.search(text)
    line = found.group(1) if found else text.splitlines()[0]
    return re.sub(r': ".*"$', "", line.strip())
