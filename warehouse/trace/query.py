"""A model's compiled SELECT with every column qualified, so that it can be asked where they come
from.
"""

from collections.abc import Iterator

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from warehouse.trace.field import Catalog, Relation

DIALECT = "duckdb"


class UnreadableQueryError(Exception):
    """The SQL of a model can't be taken apart; the message says why."""


def as_schema(catalog: Catalog) -> MappingSchema:
    """The catalog as the parser wants it; made once for many queries."""
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for relation, columns in catalog.items():
        # Types do not matter for lineage, and the parser does not know all; nor does a name's case.
        tables.setdefault(relation.schema, {})[relation.name] = {
            column.lower(): "text" for column in columns
        }
    return MappingSchema({"kota": tables}, dialect=DIALECT, normalize=False)


def root_scope(sql: str, schema: MappingSchema) -> Scope:
    """The query, qualified, with its CTEs and subqueries. Raises ``UnreadableQueryError``."""
    try:
        query = qualify(
            parse_one(sql, dialect=DIALECT),
            schema=schema,
            dialect=DIALECT,
            validate_qualify_columns=False,
            identify=False,
        )
        scope = build_scope(query)
    except (SqlglotError, RecursionError) as error:
        raise UnreadableQueryError(str(error).split("\n", 1)[0]) from error
    if scope is None:
        raise UnreadableQueryError("it is no SELECT")
    return scope


def relation_of(table: exp.Table) -> Relation:
    """The relation that a table of a query is."""
    return Relation(table.db, table.name)


def output_columns(scope: Scope) -> list[str]:
    """The names of the columns that a query gives; a set operation takes them from its left."""
    return [column.alias_or_name for column in selects(scope.expression)]


def selects(query: exp.Expr) -> list[exp.Expr]:
    """The columns that a query gives, as expressions."""
    return list(query.selects) if isinstance(query, exp.Query) else []


def own_nodes(expression: exp.Expr) -> Iterator[exp.Expr]:
    """The nodes of an expression that are not in a subquery of it."""
    for node in expression.walk(prune=lambda node: isinstance(node, exp.Query)):
        if not isinstance(node, exp.Query):
            yield node


def is_aggregate(expression: exp.Expr) -> bool:
    """Whether it makes one value of many rows; a window function does not."""
    return any(
        isinstance(node, exp.AggFunc) and not in_window(node) for node in own_nodes(expression)
    )


def in_window(node: exp.Expr) -> bool:
    """Whether a function is computed over a window."""
    parent = node.parent
    while isinstance(parent, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
        parent = parent.parent
    return isinstance(parent, exp.Window)
