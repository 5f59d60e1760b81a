"""From a connection URI to an ODBC connection string, with a driver that is installed."""

from connectors.connection import Connection

SQL_SERVER_DRIVERS = (
    "ODBC Driver 18 for SQL Server",
    "ODBC Driver 17 for SQL Server",
    "FreeTDS",
)
ACCESS_DRIVERS = ("MDBTools", "Microsoft Access Driver (*.mdb, *.accdb)")
PACKAGES = {
    "mssql": "tdsodbc (FreeTDS), or Microsoft's msodbcsql18",
    "access": "odbc-mdbtools",
    "MariaDB Unicode": "odbc-mariadb",
    "PostgreSQL Unicode": "odbc-postgresql",
    "PostgreSQL ANSI": "odbc-postgresql",
    "FreeTDS": "tdsodbc",
    "MDBTools": "odbc-mdbtools",
}
"""Debian packages by what needs them."""
SPECIAL = set(";{}[]()?*=!@ ")
OWN_OPTIONS = ("driver", "dsn")


class NoDriverError(Exception):
    """No installed ODBC driver can open a connection; the message says what to do."""


def connection_string(connection: Connection, installed: list[str]) -> str:
    """The ODBC connection string of a connection, account included.

    Raises ``NoDriverError`` when no driver that suits is among the installed ones.
    """
    parts: dict[str, str] = {}
    if dsn := connection.options.get("dsn"):
        parts["DSN"] = dsn
    else:
        parts["Driver"] = _driver(connection, installed)
    if connection.scheme == "access":
        file = "/" + connection.path.lstrip("/")
        if ";" in file:
            raise NoDriverError(f"no ODBC driver opens {file!r}: rename it, without semicolon")
        # MDBTools takes braces for a part of the name.
        return f"Driver={_escaped(parts['Driver'])};DBQ={file};"
    if connection.scheme == "mssql" and parts.get("Driver") != "FreeTDS":
        parts["Server"] = f"{connection.host},{connection.port or 1433}"
    else:
        if connection.scheme == "mssql":
            parts.update(TDS_Version="7.4", ClientCharset="UTF-8")
        if connection.host:
            parts["Server"] = connection.host
        port = connection.port or (1433 if connection.scheme == "mssql" else None)
        if port:
            parts["Port"] = str(port)
    if connection.path:
        parts["Database"] = connection.path
    if connection.user:
        parts["UID"] = connection.user
        parts["PWD"] = connection.password
    parts |= {name: said for name, said in connection.options.items() if name not in OWN_OPTIONS}
    return "".join(f"{name}={_escaped(value)};" for name, value in parts.items())


def _driver(connection: Connection, installed: list[str]) -> str:
    """The driver that is asked for, or the best that is installed."""
    asked = connection.options.get("driver")
    if asked:
        known = {name.lower(): name for name in installed}
        if "/" in asked or asked.lower() in known:
            return known.get(asked.lower(), asked)
        raise NoDriverError(_missing(asked, PACKAGES.get(asked), installed))
    if connection.scheme == "odbc":
        raise NoDriverError(
            "its connection names no driver: add ?driver=… or ?dsn=… to the URI "
            f"(installed: {', '.join(installed) or 'none'})"
        )
    wanted = SQL_SERVER_DRIVERS if connection.scheme == "mssql" else ACCESS_DRIVERS
    found = next((name for name in wanted if name in installed), None)
    if found is None:
        raise NoDriverError(_missing(wanted[0], PACKAGES[connection.scheme], installed))
    return found


def _missing(driver: str, package: str | None, installed: list[str]) -> str:
    hint = f"install {package}" if package else "install it and list it in odbcinst.ini"
    return (
        f"the ODBC driver {driver!r} is not installed: {hint} "
        f"(installed: {', '.join(installed) or 'none'})"
    )


def _escaped(value: str) -> str:
    """A value in braces where a character of it would mean something."""
    if not SPECIAL & set(value):
        return value
    return "{" + value.replace("}", "}}") + "}"
