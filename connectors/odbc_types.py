"""How a column that an ODBC driver describes arrives, and what kota takes it for.

Drivers turn values into C types with more zeal than care: one makes today of an infinite date,
another ends the process over a zero date. So whole numbers, floating-point numbers and bytes
arrive as such, and all else arrives as text, to be decoded on landing, where one bad value costs
that value only.
"""

from dataclasses import dataclass

import pyarrow as pa

from connectors.odbc_native import BINARY_TYPES, Described
from lake.column import Column

BIT, TINYINT, SMALLINT, INTEGER, BIGINT = -7, -6, 5, 4, -5
DECIMAL_TYPES = (2, 3)
FLOAT_TYPES = (6, 7, 8)
DATE_TYPES = (9, 91)
TIME_TYPES = (10, 92, -154)
MOMENT_TYPES = (11, 93)
GUID = -11
INSTANT_NAMES = ("timestamptz", "timestamp with time zone", "datetimeoffset")
LONGEST_BOUNDED = 4000
BYTES_A_CHARACTER = 4
WIDEST_NUMBER = 80
UNSIGNED_64 = pa.decimal128(20, 0)


@dataclass(frozen=True)
class Arrival:
    """A column on its way: what to select, what it arrives as, and what it is declared to be."""

    name: str
    select: str
    """The SQL expression that gives its values."""
    arrow: pa.DataType
    source_type: str
    declared_type: str
    size: int | None
    """Most bytes that a value can take; None where only the rows can tell."""
    is_text: bool = False
    """The source has it as text, so the source's order of it is not the order of its meaning."""

    @property
    def column(self) -> Column:
        """The column as the lake's rooms know it."""
        return Column(self.name, self.source_type, self.declared_type)


def as_text(name: str, select: str, declared_type: str, size: int | None) -> Arrival:
    """A column that arrives as text."""
    return Arrival(name, select, pa.string(), "VARCHAR", declared_type, size)


def as_number(name: str, select: str, declared_type: str = "BIGINT") -> Arrival:
    """A column that arrives as a whole number of 64 bits."""
    return Arrival(name, select, pa.int64(), "BIGINT", declared_type, 8)


def arrival(described: Described, select: str) -> Arrival:
    """How a column arrives from a database that nothing special is known of."""
    name, code, size = described.name, described.code, described.size
    if code == BIT:
        return Arrival(name, select, pa.bool_(), "BOOLEAN", "BOOLEAN", 1)
    if code == BIGINT and described.is_unsigned:
        return Arrival(name, select, UNSIGNED_64, "DECIMAL(20,0)", "DECIMAL(20,0)", 24)
    if code in (TINYINT, SMALLINT, INTEGER, BIGINT):
        return as_number(name, select)
    if code in FLOAT_TYPES:
        return Arrival(name, select, pa.float64(), "DOUBLE", "DOUBLE", 8)
    if code in DECIMAL_TYPES:
        return as_text(name, select, decimal_type(described), WIDEST_NUMBER)
    if code in DATE_TYPES:
        return as_text(name, select, "DATE", 32)
    if code in MOMENT_TYPES or described.type_name in INSTANT_NAMES:
        is_instant = described.type_name in INSTANT_NAMES
        return as_text(name, select, "TIMESTAMP WITH TIME ZONE" if is_instant else "TIMESTAMP", 64)
    if code in TIME_TYPES:
        return as_text(name, select, "VARCHAR", 32)
    if code == GUID:
        return as_text(name, select, "VARCHAR", 64)
    if code in BINARY_TYPES:
        most = size if 0 < size <= LONGEST_BOUNDED else None
        return Arrival(name, select, pa.binary(), "BLOB", "BLOB", most)
    most = BYTES_A_CHARACTER * size if 0 < size <= LONGEST_BOUNDED else None
    return Arrival(name, select, pa.string(), "VARCHAR", "VARCHAR", most, is_text=True)


def decimal_type(described: Described) -> str:
    """The DuckDB type of a decimal; text where it has more digits than any decimal of ours."""
    precision, scale = described.size, described.digits
    if 1 <= precision <= 38 and 0 <= scale <= precision:
        return f"DECIMAL({precision},{scale})"
    return "VARCHAR"
