"""What a MariaDB or MySQL column becomes: how it is selected, and the type it arrives in.

A table is read in one of two ways, and both give the same values. DuckDB's scanner streams whole
tables and is the fast one; it can't be told what to select, so what it would lose is read through
it differently or not at all. The other way sends our own statement to the server.
"""

import re
from dataclasses import dataclass

from lake.column import Column
from lake.columns import quoted

_TYPE = re.compile(r"(\w+)(?:\(([^)]*)\))?")
_INTEGERS = {
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "mediumint": "INTEGER",
    "int": "INTEGER",
    "bigint": "BIGINT",
}
_GEOMETRIES = {
    "geometry",
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
    "geomcollection",
}
_BYTES = {"tinyblob", "blob", "mediumblob", "longblob", "binary", "varbinary", "vector"}
_TEXTS = {"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"}
_MAX_DECIMAL = 38
_MAX_BIGINT_BITS = 63


@dataclass(frozen=True)
class MysqlColumn:
    """A column as the server declares it."""

    name: str
    full_type: str
    """As the server spells it: ``decimal(10,2) unsigned``."""
    collation: str | None = None
    is_nullable: bool = True
    has_wrong_dates: bool = False
    """It may hold dates that are none, such as 2024-05-00, and is therefore read as text."""

    @property
    def kind(self) -> str:
        """The type without its size: ``decimal``."""
        return self._parts[0]

    @property
    def size(self) -> list[int]:
        """Length, or precision and scale; empty where none is given."""
        return [int(number) for number in re.findall(r"\d+", self._parts[1])]

    @property
    def is_calendar(self) -> bool:
        """Whether it can hold a date that is none. A ``timestamp`` can't: it is an instant."""
        return self.kind in {"date", "datetime"}

    @property
    def is_number(self) -> bool:
        """Whether its values are spelt without quotes."""
        return self.kind in _INTEGERS or self.kind in {"decimal", "float", "double", "year", "bit"}

    @property
    def is_text(self) -> bool:
        """Whether its values have a character set."""
        return self.kind in _TEXTS

    def described(self) -> Column:
        """The type its values arrive in, and the type they are declared."""
        arrives = self._arrives()
        if self.kind == "bit" and arrives != "BOOLEAN":
            declared = "BIGINT" if self.size[0] <= _MAX_BIGINT_BITS else "UBIGINT"
            return Column(self.name, arrives, declared)
        if self.has_wrong_dates:
            return Column(self.name, "VARCHAR", arrives)
        return Column(self.name, arrives, arrives)

    @property
    def is_scannable(self) -> bool:
        """Whether DuckDB's scanner gives its values whole.

        It makes a DOUBLE of a long decimal, fails on dates that are none (or makes them NULL), and
        escapes a backtick as no server understands it.
        """
        is_long = self.kind == "decimal" and self.size[0] > _MAX_DECIMAL
        return not (is_long or self.has_wrong_dates or "`" in self.name or "\\" in self.name)

    def scanned(self) -> str:
        """DuckDB's expression for the value that its scanner gives."""
        value = f"t.{quoted(self.name)}"
        if self.kind == "bit" and self._arrives() == "UBIGINT":
            value = f"cast('0x' || hex({value}) as UBIGINT)"
        return f"{self._arrived(value)} as {quoted(self.name)}"

    def selected(self) -> str:
        """The server's expression, in a statement of ours."""
        name = identifier(self.name)
        if self.has_wrong_dates:
            # Zeros say that there is none; as text they could become the watermark of a cursor.
            return f"if({name} = 0, null, cast({name} as char))"
        if self.kind == "decimal":
            # The scanner takes a decimal's precision for smaller than it is.
            return f"cast({name} as char)"
        if self.kind == "bit":
            return f"cast({name} as unsigned)"
        if self.is_text and (self.collation or "").endswith("_bin"):
            # Text that is compared by bytes would arrive as bytes.
            return f"convert({name} using utf8mb4)"
        known = {*_INTEGERS, *_GEOMETRIES, *_BYTES, *_TEXTS}
        known |= {"float", "double", "year", "date", "datetime", "timestamp", "time"}
        return name if self.kind in known else f"cast({name} as char)"

    def received(self, value: str) -> str:
        """DuckDB's expression for ``value``, which ``selected`` gave."""
        arrives = "VARCHAR" if self.has_wrong_dates else self._arrives()
        return f"cast({self._arrived(value)} as {arrives}) as {quoted(self.name)}"

    @property
    def _parts(self) -> tuple[str, str]:
        found = _TYPE.match(self.full_type.lower())
        return (found[1], found[2] or "") if found else (self.full_type.lower(), "")

    def _arrives(self) -> str:
        kind = self.kind
        if kind in _INTEGERS:
            return ("U" if "unsigned" in self.full_type.lower() else "") + _INTEGERS[kind]
        if kind == "decimal":
            precision, scale = self.size
            return f"DECIMAL({precision},{scale})" if precision <= _MAX_DECIMAL else "VARCHAR"
        if kind == "bit":
            return "BOOLEAN" if self.size == [1] else "UBIGINT"
        if kind in _GEOMETRIES or kind in _BYTES:
            return "BLOB"
        return {
            "float": "DOUBLE",
            "double": "DOUBLE",
            "year": "INTEGER",
            "date": "DATE",
            "datetime": "TIMESTAMP",
            "timestamp": "TIMESTAMP WITH TIME ZONE",
        }.get(kind, "VARCHAR")

    def _arrived(self, value: str) -> str:
        if self.kind in _GEOMETRIES:
            # Stored as the number of the reference system in four bytes, then plain WKB.
            return f"{value}[5:]"
        if self.kind == "float":
            # By its text, 0.1 stays 0.1; by its bits it would become 0.10000000149011612.
            return f"cast(cast({value} as VARCHAR) as DOUBLE)"
        if self.kind == "timestamp":
            # An instant: the server's session is in UTC, DuckDB's may be in the app's zone.
            return f"timezone('UTC', cast({value} as TIMESTAMP))"
        return value


def wrong_date_sql(column: MysqlColumn) -> str:
    """The server's test for a date that is none: 2024-05-00, 2024-00-05, 2024-02-31.

    All zeros is how MySQL says "none", and no error. Few days are past the 28th, so that the
    expensive part of the test is seldom reached.
    """
    name = identifier(column.name)
    return (
        f"(day({name}) not between 1 and 28 or month({name}) = 0) "
        f"and {name} <> 0 and {name} + interval 0 day is null"
    )


def identifier(name: str) -> str:
    """A name as the server quotes it."""
    return "`" + name.replace("`", "``") + "`"


def text_literal(text: str) -> str:
    """A text as the server reads it under every SQL mode and character set."""
    return "_utf8mb4 0x" + text.encode().hex() if text else "_utf8mb4 ''"
