"""The lake table that a mart has one row for each row of, by the lineage of their keys.

Then a row of the mart that differs can be looked up in the change log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.registry import App
from warehouse.trace.field import STATES, Field, Relation
from warehouse.trace.graph import Graph

ONE_TO_ONE = ("IDENTITY", "TRANSFORMATION")
"""A key that was renamed or cast is the same key; one that was counted is not."""


@dataclass(frozen=True)
class LakeKey:
    """A lake table, and by column of the mart's key the column of its key."""

    app: str
    table: str
    columns: Mapping[str, str]


def lake_key(
    graph: Graph, apps: Mapping[str, App], mart: str, key: Sequence[str]
) -> LakeKey | None:
    """None where the key comes from elsewhere, from several places, or is not all of the key."""
    found: dict[str, Field] = {}
    for column in key:
        field = _origin(graph, Field(Relation("marts", mart), column))
        if field is None:
            return None
        found[column] = field
    relations = {field.relation for field in found.values()}
    if len(relations) != 1:
        return None
    relation = relations.pop()
    name = relation.name.removesuffix(STATES)
    app = apps.get(relation.app or "")
    columns = {column: field.column for column, field in found.items()}
    if app is None or name not in app.tables or set(app.tables[name].key) != {*columns.values()}:
        return None
    return LakeKey(app.app, name, columns)


def tables_of(graph: Graph, mart: str, column: str) -> set[str]:
    """The lake tables, as ``app.table``, of which something is in the value of a column."""
    above = graph.above([Field(Relation("marts", mart), column)])
    return {f"{one.app}.{one.name.removesuffix(STATES)}" for one in above if one.app is not None}


def _origin(graph: Graph, field: Field) -> Field | None:
    """Down to the lake, one step a model, as long as there is one way."""
    seen = set()
    while field.relation.app is None:
        inputs = graph.inputs(field)
        if len(inputs) != 1 or field in seen:
            return None
        seen.add(field)
        ((field, how),) = inputs.items()
        if how not in ONE_TO_ONE:
            return None
    return field
