"""What a SQLite column is declared to be, and what its values mean whatever they are stored as.

https://www.sqlite.org/datatype3.html: a column can hold any type. Times are stored as text, as
seconds since 1970 or as Julian days; other programs also store milliseconds since 1970.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from lake.columns import literal, quoted

TIMES = ("DATE", "TIMESTAMP")
JULIAN_1970 = 2440587.5
LAST_JULIAN = 5373484.5
"""The last day of the year 9999."""
FIRST_SECONDS = 100_000_000
"""A smaller number may be a date such as 20260101: it is not taken for seconds since 1970."""
LAST_SECONDS = 4_200_000_000
FIRST_MILLISECONDS = 100_000_000_000


def declared_type(sqlite_type: str) -> str:
    """The DuckDB type of a declared SQLite type, by SQLite's affinity rules plus date and time.

    https://www.sqlite.org/datatype3.html section 3.1
    """
    name = sqlite_type.upper()
    if "DATETIME" in name or "TIMESTAMP" in name:
        return "TIMESTAMP"
    if name == "DATE":
        return "DATE"
    if name.startswith(("DECIMAL", "NUMERIC")) and "(" in name:
        return _decimal(name[name.index("(") + 1 :].rstrip(") "))
    if "INT" in name:
        return "BIGINT"
    if any(word in name for word in ("REAL", "FLOA", "DOUB")):
        return "DOUBLE"
    if "BLOB" in name:
        return "BLOB"
    return "VARCHAR"


def in_sqlite(name: str, declared: str) -> str:
    """The expression that SQLite evaluates: a REAL is printed with all its digits."""
    column = quoted(name)
    if declared == "DOUBLE":
        exact = (
            f"case typeof({column}) when 'real' then printf('%!.17g', {column}) else {column} end"
        )
        return f"{exact} as {column}"
    return column


def on_arrival(name: str, declared: str, timezone: str) -> str:
    """The DuckDB expression for a value that arrived as bytes called text."""
    column = quoted(name)
    if declared == "BLOB":
        return f"encode({column}) as {column}"
    if declared not in TIMES:
        return column
    number = f"try_cast({column} as double)"
    seconds = (
        f"case when {number} between 1721425.5 and {LAST_JULIAN} "
        f"then round(({number} - {JULIAN_1970}) * 86400, 3) "
        f"when abs({number}) between {FIRST_SECONDS} and {LAST_SECONDS} then {number} "
        f"when abs({number}) between {FIRST_MILLISECONDS} and {LAST_SECONDS}000 "
        f"then {number} / 1000 end"
    )
    moment = f"to_timestamp({seconds})"
    if declared == "DATE":
        text = f"cast(cast(timezone({literal(timezone)}, {moment}) as date) as varchar)"
    else:
        text = f"strftime(timezone('UTC', {moment}), '%Y-%m-%d %H:%M:%S.%f+00')"
    # Most are text: a look at the dash after the year spares them the arithmetic.
    return (
        f"case when {column} like '____-%' then {column} else coalesce({text}, {column}) end "
        + (f"as {column}")
    )


def since_sql(name: str, declared: str, since: str, timezone: str) -> str | None:
    """SQLite's test for a cursor from ``since`` on, by an index if there is one.

    Rows too many do no harm. Values that are no time or number, and empty ones, are always among
    them. None where SQLite can't compare.
    """
    column = quoted(name)
    if declared == "BIGINT":
        return f"({column} >= {int(since)} or {column} is null)"
    if declared not in TIMES:
        return None
    moment = datetime.fromisoformat(since)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))
    seconds = int(aware.timestamp())
    # As text, a day is less than a time of that day.
    text = since[:10] if declared == "DATE" else since
    if declared == "DATE":
        seconds -= 86400
    return (
        f"({column} >= {literal(text)} or {column} is null "
        f"or {column} between -{LAST_SECONDS}000 and {FIRST_SECONDS} "
        f"or {column} between {seconds} and {LAST_SECONDS} "
        f"or {column} between {seconds}000 and {LAST_SECONDS}000)"
    )


def _decimal(size: str) -> str:
    """A declared size means nothing to SQLite; one that the lake can't have is no decimal."""
    parts = [part.strip() for part in size.split(",")]
    if not all(part.isdigit() for part in parts) or len(parts) > 2:
        return "VARCHAR"
    precision, scale = int(parts[0]), int(parts[1]) if len(parts) == 2 else 0
    return f"DECIMAL({precision},{scale})" if scale <= precision <= 38 and precision else "VARCHAR"
