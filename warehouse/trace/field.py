"""Names of things that a number passes through: relations of the warehouse and their columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

How = Literal["IDENTITY", "TRANSFORMATION", "AGGREGATION", "FILTER", "JOIN", "GROUP_BY"]
"""The words of OpenLineage's column lineage for how one column depends on another."""

LAKE = "lake_"
"""The schema of an app's lake tables in a candidate begins so."""
STATES = "__states"
"""The relation that also has a lake table's past ends so."""
APP = "app:"
"""The schema under which a source's own tables are named."""


@dataclass(frozen=True, order=True)
class Relation:
    """A table or view of the warehouse, or, under ``app:laksa``, of a source."""

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def app(self) -> str | None:
        """The app whose lake table it is."""
        return self.schema.removeprefix(LAKE) if self.schema.startswith(LAKE) else None


@dataclass(frozen=True, order=True)
class Field:
    """A column of a relation."""

    relation: Relation
    column: str

    def __str__(self) -> str:
        return f"{self.relation}.{self.column}"


Inputs = dict[Field, How]
Catalog = Mapping[Relation, Mapping[str, str]]
"""The columns of every relation, in their order, each with its type."""


@dataclass(frozen=True)
class Made:
    """What one relation is made of."""

    relation: Relation
    columns: Mapping[str, Inputs]
    rows: Inputs = field(default_factory=dict)
    """The fields that decide which rows there are, without being in a value."""
    masked: frozenset[str] = frozenset()
    """Columns in which only a token of the value is left."""
