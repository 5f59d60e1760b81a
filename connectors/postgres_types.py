"""How a PostgreSQL column travels: in binary where that is exact, otherwise as text.

DuckDB's scanner reads ``numeric`` without precision as a floating-point number and NaN as 0, and it
knows dates that the lake can't hold. So each column says how the server has to give it, and which
of its values its binary form can't hold.
"""

from dataclasses import dataclass

MAX_DIGITS = 38
"""Of a DECIMAL in the lake."""
MONEY = "DECIMAL(21,2)"
NATIVE = {
    "bool": "BOOLEAN",
    "int2": "SMALLINT",
    "int4": "INTEGER",
    "int8": "BIGINT",
    "float8": "DOUBLE",
    "text": "VARCHAR",
    "varchar": "VARCHAR",
    "uuid": "UUID",
    "bytea": "BLOB",
}
"""Types whose every value arrives exactly, and the DuckDB type they arrive as."""
TIMES = {
    "date": ("DATE", "'0001-01-01'", "'9999-12-31'"),
    "timestamp": ("TIMESTAMP", "'0001-01-02'", "'9999-12-31 23:59:59.999999'"),
    "timestamptz": (
        "TIMESTAMP WITH TIME ZONE",
        "'0001-01-02 00:00:00+00'",
        "'9999-12-31 23:59:59.999999+00'",
    ),
}
"""DuckDB type, and first and last value that the lake and its readers can hold.

A local midnight of the year 1 may be in the year 0 in UTC: the first day is left out.
"""


@dataclass(frozen=True)
class SourceColumn:
    """A column as PostgreSQL's catalog has it; a domain is already the type it is made of."""

    name: str
    nullable: bool
    type_name: str
    """As in ``pg_type``; of a type that is not PostgreSQL's own, empty."""
    category: str
    """``A`` for arrays, ``C`` for composite types; see ``pg_type.typcategory``."""
    modifier: int
    """Precision and scale of a numeric, or -1."""


@dataclass(frozen=True)
class Transport:
    """How the values of one column travel."""

    select: str
    """The expression on the server."""
    source_type: str
    declared_type: str
    odd: str = ""
    """The server's test whether the binary form can't hold a value; empty if it can hold each."""
    received: str = ""
    """DuckDB's expression over what arrives; empty if it is taken as it is."""


def transport(column: SourceColumn, *, as_text: bool, is_ascii: bool = False) -> Transport:
    """How a column travels; ``as_text`` where its binary form would not hold every value.

    ``is_ascii`` is for a database of encoding SQL_ASCII, which does not know what its bytes mean:
    text travels as bytes.
    """
    name = '"' + column.name.replace('"', '""') + '"'
    kind = column.type_name
    if kind in TIMES:
        return _time(name, kind, as_text=as_text)
    if kind == "numeric":
        return _numeric(name, column.modifier, as_text=as_text)
    if kind == "float4":
        return Transport(f"{name}::text", "VARCHAR", "DOUBLE")  # 0.1 stays 0.1
    if kind == "oid":
        return Transport(f"{name}::int8", "BIGINT", "BIGINT")
    if kind == "money":
        return Transport(f"{name}::numeric::text", "VARCHAR", MONEY)  # else by the server's locale
    if kind == "bpchar" and not is_ascii:
        # As `::text` does, for a fifth of what it costs the server.
        return Transport(name, "VARCHAR", "VARCHAR", received=f"rtrim({name}, ' ')")
    if kind in NATIVE and not (is_ascii and NATIVE[kind] == "VARCHAR"):
        return Transport(name, NATIVE[kind], NATIVE[kind])
    text = f"to_json({name})::text" if column.category in {"A", "C"} else f"{name}::text"
    if is_ascii:
        text = f"convert_to({text}, 'SQL_ASCII')"
    return Transport(text, "VARCHAR", "VARCHAR")


def _time(name: str, kind: str, *, as_text: bool) -> Transport:
    duckdb_type, first, last = TIMES[kind]
    if as_text:
        # Not readable as a date on purpose: the value goes to the quarantine as it is here.
        outside = f"'outside the years 1 to 9999: ' || {name}::text"
        test = f"{name} between {first} and {last}"
        select = f"case when {test} then {name}::text else {outside} end"
        return Transport(select, "VARCHAR", duckdb_type)
    return Transport(
        name,
        duckdb_type,
        duckdb_type,
        odd=f"{name} not between {first} and {last}",
    )


def _numeric(name: str, modifier: int, *, as_text: bool) -> Transport:
    """A numeric of more digits than the lake has, or of any number of them, stays text."""
    text = f"{name}::text"
    if modifier < 0:
        return Transport(text, "VARCHAR", "VARCHAR")
    precision, scale = precision_and_scale(modifier)
    digits = max(precision, scale, precision - scale)
    declared = f"DECIMAL({digits},{max(scale, 0)})"
    if digits > MAX_DIGITS:
        return Transport(text, "VARCHAR", "VARCHAR")
    if as_text or not 0 <= scale <= precision:
        return Transport(text, "VARCHAR", declared)
    return Transport(name, declared, declared, odd=f"{name} = 'NaN'")


def precision_and_scale(modifier: int) -> tuple[int, int]:
    """Precision and scale in the type modifier of a numeric; a scale can be below zero."""
    packed = modifier - 4
    return (packed >> 16) & 0xFFFF, ((packed & 0x7FF) ^ 1024) - 1024
