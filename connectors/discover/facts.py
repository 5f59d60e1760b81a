"""What a database says about itself: tables, columns, keys, sizes, and the server's clock."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["integer", "number", "text", "time", "date", "binary", "other"]


def kind_of(declared_type: str) -> Kind:
    """The kind of a DuckDB type, as readers declare them."""
    if declared_type.startswith("DECIMAL") or declared_type in {"DOUBLE", "FLOAT"}:
        return "number"
    if declared_type.startswith("TIMESTAMP"):
        return "time"
    kinds: dict[str, Kind] = {"VARCHAR": "text", "DATE": "date", "BLOB": "binary"}
    return kinds.get(declared_type, "integer" if "INT" in declared_type else "other")


@dataclass(frozen=True)
class ColumnFacts:
    """One column as its database declares it."""

    name: str
    type: str
    """The type in the database's own words."""
    kind: Kind
    nullable: bool = True
    counts_up: bool = False
    """Numbered by the database: auto_increment, identity, serial."""
    touched: str = ""
    """What in the database sets it at every change of the row, such as a trigger; often nothing."""
    comment: str = ""


@dataclass(frozen=True)
class Reference:
    """A foreign key of one column."""

    column: str
    table: str
    target: str


@dataclass(frozen=True)
class TableFacts:
    """One table or view as its database declares it."""

    name: str
    kind: Literal["table", "view"] = "table"
    columns: tuple[ColumnFacts, ...] = ()
    rows: int | None = None
    """An estimate of the database, which can be far off."""
    bytes: int | None = None
    comment: str = ""
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    """Unique indexes besides the primary key, over whole columns of all rows."""
    indexed: frozenset[str] = frozenset()
    """Columns an index starts with."""
    references: tuple[Reference, ...] = ()

    def column(self, name: str) -> ColumnFacts:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class ServerFacts:
    """The server, its clock, and what our account may do there."""

    version: str
    now: datetime | None = None
    """Its clock as an instant."""
    local_now: datetime | None = None
    """What a naive "now" is in a session: what an app without zones writes."""
    zone: str = ""
    """The session's zone in the server's words."""
    may_write: tuple[str, ...] = ()
    """Rights of our account beyond reading; empty when it may only read."""
    unreadable: tuple[str, ...] = field(default=())
    """Tables that are there and that our account may not read, where the database tells."""
