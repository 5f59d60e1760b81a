"""What databases behind ODBC say differently: quoting, exact text of values, one moment for all.

Casts to text are done by the database, not by its driver: the database knows what an infinite
date or a zero date is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from connectors import odbc_types as t
from connectors.odbc_native import Described
from connectors.odbc_types import Arrival, arrival, as_number, as_text
from connectors.reader import KeyRange


@dataclass(frozen=True)
class Dialect:
    """SQL as ODBC's own standard has it; the base of the databases that kota knows better."""

    quote: str = '"'
    settings: str = ""
    """Connection settings that its driver should have besides those of the URI."""
    takes_timeout: bool = True
    """Whether its driver can end a statement that takes too long; otherwise the session does."""
    is_wide: bool = False
    """Whether text is asked for as UTF-16, for drivers whose other text is in the machine's."""

    def quoted(self, name: str) -> str:
        """A name as an identifier."""
        end = "]" if self.quote == "[" else self.quote
        return self.quote + name.replace(end, end * 2) + end

    def table(self, schema: str | None, name: str) -> str:
        """A table as an identifier."""
        return ".".join(self.quoted(part) for part in (schema, name) if part)

    def arrival(self, described: Described) -> Arrival:
        """How a column arrives."""
        return arrival(described, self.quoted(described.name))

    def length(self, select: str) -> str | None:
        """The SQL for the bytes a value takes, or None where kota doesn't know it."""
        return None

    def moment(self, text: str, column: Arrival) -> str:
        """A date or time as a literal that can be compared with a column."""
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
        return f"{{ts '{moment:%Y-%m-%d %H:%M:%S}'}}"

    def session(self, timeout_seconds: int) -> list[str]:
        """Statements for a session, before its transaction."""
        return []

    def transaction(self, snapshots_allowed: bool) -> list[str]:
        """Statements that begin a transaction in which all reads are of one moment."""
        return []

    def snapshots_query(self) -> str | None:
        """The query that gives 1 where such a transaction is allowed; None where it always is."""
        return None

    def since(self, column: Arrival, since: str) -> str | None:
        """The condition for rows from ``since`` on, or None where the source can't tell.

        Rows without a cursor value are read every time: nobody can say that they are old.
        """
        name = self.quoted(column.name)
        if column.is_text:
            return None
        if column.declared_type == "DATE" or column.declared_type.startswith("TIMESTAMP"):
            value = self.moment(since, column)
        elif since.lstrip("-").replace(".", "", 1).isdigit():
            value = since
        else:
            return None
        return f"({name} >= {value} or {name} is null)"

    def range(self, part: KeyRange) -> str | None:
        """The condition for the rows of a part; a row without the value is in the first one."""
        name = self.quoted(part.column)
        if part.after is None:
            return None if part.upto is None else f"({name} <= {part.upto} or {name} is null)"
        return f"{name} > {part.after}" + (
            "" if part.upto is None else f" and {name} <= {part.upto}"
        )


@dataclass(frozen=True)
class Postgres(Dialect):
    """PostgreSQL by psqlodbc."""

    # Without a declared cursor the driver keeps the whole result in memory; a text of unknown
    # length must not be taken for one of 8,190 characters.
    settings: str = (
        "UseDeclareFetch=1;Fetch=5000;MaxLongVarcharSize=0;UnknownSizes=2;D6=12;BoolsAsChar=0;"
    )

    def arrival(self, described: Described) -> Arrival:
        """All but numbers, booleans, bytes and short text is cast by the server."""
        plain = super().arrival(described)
        name = plain.select
        kind = described.type_name
        if kind == "money":
            exact = f"cast(cast({name} as numeric) as varchar({t.WIDEST_NUMBER}))"
            return as_text(plain.name, exact, "DECIMAL(19,2)", t.WIDEST_NUMBER)
        if plain.source_type != "VARCHAR":
            return plain
        if described.code in t.DECIMAL_TYPES and plain.declared_type != "VARCHAR":
            cast = f"cast({name} as varchar({t.WIDEST_NUMBER}))"
            return as_text(plain.name, cast, plain.declared_type, t.WIDEST_NUMBER)
        if plain.declared_type != "VARCHAR":
            # PostgreSQL ends a date before Christ in BC; DuckDB wants (BC) after the day.
            text = (
                f"cast(case when {name} < '0001-01-01' then regexp_replace({name}::text, "
                f"'^([^ ]+)(.*) BC$', '\\1 (BC)\\2') else {name}::text end as varchar(64))"
            )
            return as_text(plain.name, text, plain.declared_type, 64 * 4)
        if described.code in t.TIME_TYPES:
            return as_text(plain.name, f"cast({name} as varchar(64))", "VARCHAR", 64 * 4)
        if kind == "uuid":
            return as_text(plain.name, f"cast({name} as varchar(36))", "VARCHAR", 36 * 4)
        if kind in ("char", "bpchar", "varchar") and described.size not in (0, 255):
            return plain
        # 255 is what the driver says of every type that it doesn't know the length of.
        is_text = kind in ("text", "char", "bpchar", "varchar", "name")
        return Arrival(
            plain.name, f"cast({name} as text)", plain.arrow, "VARCHAR", "VARCHAR", None, is_text
        )

    def length(self, select: str) -> str:
        """Bytes of a text or of bytes."""
        return f"octet_length({select})"

    def moment(self, text: str, column: Arrival) -> str:
        """Untyped, so that it takes the column's type."""
        return f"'{datetime.fromisoformat(text).isoformat(sep=' ')}'"

    def session(self, timeout_seconds: int) -> list[str]:
        """Instants in UTC, dates as ISO has them, floating-point numbers exact."""
        return [
            "set time zone 'UTC'",
            "set datestyle to 'ISO'",
            f"set statement_timeout to {timeout_seconds * 1000}",
        ]

    def transaction(self, snapshots_allowed: bool) -> list[str]:
        """One snapshot for the session."""
        return ["set transaction isolation level repeatable read, read only"]


@dataclass(frozen=True)
class Mariadb(Dialect):
    """MariaDB and MySQL by MariaDB's connector, which holds a whole result in memory."""

    quote: str = "`"
    takes_timeout: bool = False
    is_mysql: bool = False

    def arrival(self, described: Described) -> Arrival:
        """Dates, times and decimals are cast by the server; a bit is a number to it."""
        plain = super().arrival(described)
        name = plain.select
        if described.code == t.BIT:
            return as_number(plain.name, f"({name} + 0)", "BOOLEAN")
        if described.type_name == "timestamp":
            # The session's time zone is UTC, which the text doesn't say by itself.
            instant = f"concat(cast({name} as char(40)), '+00:00')"
            return as_text(plain.name, instant, "TIMESTAMP WITH TIME ZONE", 64 * 4)
        if plain.source_type == "VARCHAR" and not plain.is_text:
            size = 4 * (plain.size or t.WIDEST_NUMBER)
            cast = f"cast({name} as char({t.WIDEST_NUMBER}))"
            return as_text(plain.name, cast, plain.declared_type, size)
        return plain

    def length(self, select: str) -> str:
        """Bytes in UTF-8, or those of a blob."""
        return f"greatest(octet_length({select}), octet_length(convert({select} using utf8mb4)))"

    def moment(self, text: str, column: Arrival) -> str:
        """In UTC, as the session is, where the column is an instant."""
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        return f"'{moment.isoformat(sep=' ')}'"

    def session(self, timeout_seconds: int) -> list[str]:
        """Instants in UTC, and no statement beyond its time."""
        limit = (
            f"max_execution_time = {timeout_seconds * 1000}"
            if self.is_mysql
            else f"max_statement_time = {timeout_seconds}"
        )
        return ["set session time_zone = '+00:00'", f"set session {limit}"]

    def transaction(self, snapshots_allowed: bool) -> list[str]:
        """One snapshot for the session."""
        return [
            "set session transaction isolation level repeatable read",
            "start transaction with consistent snapshot, read only",
        ]


@dataclass(frozen=True)
class SqlServer(Dialect):
    """SQL Server by Microsoft's driver or FreeTDS."""

    quote: str = "["
    is_wide: bool = True

    def arrival(self, described: Described) -> Arrival:
        """Dates and times as ISO has them; an instant in UTC, so that its text has an order."""
        plain = super().arrival(described)
        name, kind = plain.select, described.type_name
        if kind == "datetimeoffset":
            utc = f"convert(varchar(40), switchoffset({name}, '+00:00'), 126)"
            return as_text(plain.name, utc, "TIMESTAMP WITH TIME ZONE", 40)
        if kind in ("datetime", "datetime2", "smalldatetime", "date"):
            style = 23 if kind == "date" else 126
            iso = f"convert(varchar(40), {name}, {style})"
            declared = "DATE" if kind == "date" else "TIMESTAMP"
            return as_text(plain.name, iso, declared, 40)
        if kind == "time":
            return as_text(plain.name, f"cast({name} as varchar(20))", "VARCHAR", 20)
        if kind in ("money", "smallmoney"):
            exact = f"convert(varchar(40), {name}, 2)"
            return as_text(plain.name, exact, "DECIMAL(19,4)", 40)
        if kind in ("sql_variant", "xml"):
            text = f"cast({name} as nvarchar({'4000' if kind == 'sql_variant' else 'max'}))"
            return as_text(plain.name, text, "VARCHAR", None)
        return plain

    def length(self, select: str) -> str:
        """Bytes; of UTF-16, at least as many as its units."""
        return f"datalength({select})"

    def moment(self, text: str, column: Arrival) -> str:
        """A literal that the server takes whatever its language and date format."""
        moment = datetime.fromisoformat(text)
        kind = "datetimeoffset" if moment.tzinfo else "datetime2"
        return f"cast('{moment.isoformat()}' as {kind})"

    def transaction(self, snapshots_allowed: bool) -> list[str]:
        """One snapshot for the session where the database allows it."""
        level = "snapshot" if snapshots_allowed else "read committed"
        return [f"set transaction isolation level {level}"]

    def snapshots_query(self) -> str:
        """Whether the database keeps row versions."""
        return (
            "select cast(snapshot_isolation_state as bigint) as allowed "
            "from sys.databases where database_id = db_id()"
        )


def dialect_of(database: str, quote: str) -> Dialect:
    """The dialect of a database by its name, as its driver gives it."""
    name = database.lower()
    if "postgres" in name:
        return Postgres()
    if "mariadb" in name or "mysql" in name:
        return Mariadb(is_mysql="mysql" in name)
    if "sql server" in name:
        return SqlServer()
    return Dialect(quote=quote.strip())
