"""What a MariaDB or MySQL server meant: its errors as a reason and what to do about it."""

import re

from connectors.connection import Connection
from connectors.registry import App

_STATEMENT = re.compile(r'^.*query:? ".*": ', re.DOTALL)
"""What the scanner repeats of the statement; it may have a key in it, and so personal data."""


def reason(error: str, app: App, connection: Connection) -> str:
    """One clause that says what is wrong and, where it is known, what to do."""
    seconds = app.politeness.statement_timeout_seconds
    where = f"{connection.host}:{connection.port or 3306}"
    account, schema = connection.user, app.schema_ or connection.path
    known = (
        (
            r"Can't connect|Unknown (MySQL |MariaDB )?server host|timed? ?out while connecting",
            f"nothing answers at {where}; check the address, that the server runs and that it "
            "lets this machine in",
        ),
        (
            r"^IO Error: no server of this kind|^no server of this kind",
            f"what answers at {where} is no MariaDB or MySQL server; check the port",
        ),
        (
            r"Access denied for user .* to database|Unknown database",
            f"there is no database {schema!r} that account {account!r} may use",
        ),
        (
            r"Access denied for user",
            f"the server refused account {account!r}; check user and password of connection "
            f"{app.connection!r}",
        ),
        (
            r"max_statement_time exceeded|maximum statement execution time",
            f"the server stopped the statement after {seconds} s "
            "(politeness.statement_timeout_seconds)",
        ),
        (
            r"command denied to user",
            f"account {account!r} may not read it; grant it SELECT",
        ),
        (
            r"Lost connection|gone away|Connection was killed|[Ss]hutdown in progress"
            r"|Query execution was interrupted",
            "the server ended the connection; the next run goes on from what has landed",
        ),
        (r"Too many connections|max_user_connections", "the server has no free connection"),
        (
            # In the midst of the rows the scanner drops what the server said.
            r"(?s)Failed to fetch result row.*: *$",
            "the server broke off in the midst of the rows: the statement took longer than "
            f"{seconds} s (politeness.statement_timeout_seconds), or the connection was cut",
        ),
    )
    error = error.strip()
    for pattern, said in known:
        if re.search(pattern, error):
            return said
    plain = _STATEMENT.sub("", connection.redact(error)).strip()
    return plain.splitlines()[0] if plain else "the server gave no reason"


def is_wrong_date(error: Exception) -> bool:
    """Whether the scanner stopped at a date that is none, such as 2024-02-00."""
    return "out of range" in str(error)
