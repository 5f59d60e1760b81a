"""Which rows beneath a query one of its rows is made of, as conditions on the table it starts from.

A query is unfolded through its CTEs down to the tables that it reads. Each branch of a union
becomes a ``Branch``: the table that the branch starts from, every output column as an expression
over that table, and the conditions that its rows fulfil. What comes from a joined table keeps the
alias of that; an aggregate of aggregates is opaque.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from warehouse.trace.field import Relation
from warehouse.trace.query import (
    DIALECT,
    in_window,
    is_aggregate,
    output_columns,
    own_nodes,
    relation_of,
    selects,
)

ROWS = "_rows"
"""The alias of the table that a branch starts from."""
_JOINED = "_joined_"
_OPAQUE = "?"
_LARGEST = 2_000
"""Nodes of an expression: macros repeat their argument, and unfolding multiplies that."""
_ROLLED_UP = "is_rolled_up"
_MOST_KEYS = 4


@dataclass(frozen=True)
class Joined:
    """A table or CTE that a branch joins."""

    source: str
    """What to write behind JOIN."""
    relation: Relation | None
    """The table whose rows it has as they are; None where it is a query of its own."""
    query: Scope | None
    """That query."""
    conditions: list[exp.Expr]
    is_left: bool


@dataclass(frozen=True)
class Branch:
    """One way in which rows come into a query."""

    relation: Relation | None
    """The table it starts from; None for rows that the query makes up."""
    column: Callable[[str], exp.Expr]
    """The expression that an output column is."""
    conditions: list[exp.Expr] = field(default_factory=list)
    joined: dict[str, Joined] = field(default_factory=dict)
    is_grouped: bool = False
    is_exact: bool = True
    """Whether nothing else than the conditions decides which rows are taken."""


def branches(scope: Scope) -> list[Branch]:
    """All branches of a query."""
    ctes = scope.expression.args.get("with_")
    return _Unfolding({cte.alias for cte in ctes.expressions} if ctes else set()).of(scope)


def is_known(expression: exp.Expr) -> bool:
    """Whether it can be computed at all."""
    return all(column.table != _OPAQUE for column in expression.find_all(exp.Column))


def joins_of(expression: exp.Expr) -> set[str]:
    """The aliases of the joined tables that it needs."""
    tables = {column.table for column in expression.find_all(exp.Column)}
    return {table for table in tables if table.startswith(_JOINED)}


def is_of_rows(expression: exp.Expr) -> bool:
    """Whether it needs nothing but the table that its branch starts from."""
    return is_known(expression) and not joins_of(expression)


def is_plain(expression: exp.Expr) -> bool:
    """Whether it is one value of one row, perhaps with what is joined to that."""
    windows = any(isinstance(node, exp.Window) for node in own_nodes(expression))
    return is_known(expression) and not windows and not is_aggregate(expression)


def is_constant(expression: exp.Expr) -> bool:
    """Whether it is the same for every row."""
    return expression.find(exp.Column) is None


def rolled_up(expression: exp.Expr) -> list[exp.Expr]:
    """The expression, and what it is in the totals where keys of grouping sets are NULL."""
    keys = {node.sql() for node in expression.walk() if node.meta.get(_ROLLED_UP)}
    if len(keys) > _MOST_KEYS:
        return [expression]
    subsets = (
        set(subset) for size in range(len(keys) + 1) for subset in combinations(sorted(keys), size)
    )
    return [_without(expression, subset) for subset in subsets]


def _without(expression: exp.Expr, keys: set[str]) -> exp.Expr:
    def nothing(node: exp.Expr) -> exp.Expr:
        is_key = node.meta.get(_ROLLED_UP) and node.sql() in keys
        return exp.null() if is_key else node

    return expression.copy().transform(nothing)


class _Unfolding:
    def __init__(self, ctes: set[str]) -> None:
        self._ctes = ctes
        self._aliases = itertools.count(1)
        self._known: dict[int, list[Branch]] = {}

    def of(self, scope: Scope) -> list[Branch]:
        if id(scope) not in self._known:
            self._known[id(scope)] = []  # a recursive query starts from what is not itself
            self._known[id(scope)] = list(
                self._union(scope) if scope.set_operation_scopes else self._select(scope)
            )
        return self._known[id(scope)]

    def _union(self, scope: Scope) -> Iterator[Branch]:
        names = output_columns(scope)
        left, right = scope.set_operation_scopes
        if not isinstance(scope.expression, exp.Union):
            yield from (replace(branch, is_exact=False) for branch in self.of(left))
            return
        for part in (left, right):
            inner = dict(zip(names, output_columns(part), strict=False))
            for branch in self.of(part):
                yield replace(branch, column=_renamed(branch.column, inner))

    def _select(self, scope: Scope) -> Iterator[Branch]:
        start = scope.expression.args.get("from_")
        source = scope.sources.get(start.this.alias_or_name) if start else None
        if start is None or not isinstance(source, exp.Table | Scope):
            yield Branch(None, _opaque)
            return
        name = start.this.alias_or_name
        for driving in self._source(source):
            yield self._selected(scope, name, driving)

    def _source(self, source: exp.Table | Scope) -> list[Branch]:
        if isinstance(source, exp.Table):
            if not source.db:  # rows that a function makes up
                return [Branch(None, _opaque)]
            return [Branch(relation_of(source), lambda name: exp.column(name, table=ROWS))]
        return self.of(source)

    def _selected(self, scope: Scope, name: str, driving: Branch) -> Branch:
        query = scope.expression
        sources: dict[str, Callable[[str], exp.Expr]] = {name: driving.column}
        joined = dict(driving.joined)
        is_exact = driving.is_exact and not any(query.args.get(a) for a in ("qualify", "limit"))
        for join in query.args.get("joins") or ():
            self._join(scope, join, sources, joined)
        inlined = _Inlined(sources, {_unaliased(s): s.unalias() for s in selects(query)})
        conditions = list(driving.conditions)
        for part in _conjuncts(query.args.get("where")):
            condition = inlined(part)
            if is_plain(condition):
                conditions.append(condition)
            else:
                is_exact = False
        is_grouped = _is_grouped(query)
        rolled_up = _rolled_up(query)

        def column(wanted: str) -> exp.Expr:
            chosen = inlined.selected(wanted)
            if is_grouped and driving.is_grouped and is_aggregate(chosen):
                return _opaque(wanted)
            expression = inlined(chosen)
            if rolled_up and chosen.sql() in rolled_up:
                expression.meta[_ROLLED_UP] = True
            return expression

        return Branch(
            relation=driving.relation,
            column=column,
            conditions=conditions,
            joined=joined,
            is_grouped=is_grouped or driving.is_grouped,
            is_exact=is_exact and not query.args.get("having"),
        )

    def _join(
        self,
        scope: Scope,
        join: exp.Join,
        sources: dict[str, Callable[[str], exp.Expr]],
        joined: dict[str, Joined],
    ) -> None:
        name = join.this.alias_or_name
        source = scope.sources.get(name)
        alias = f"{_JOINED}{next(self._aliases)}"
        parts = self._source(source) if isinstance(source, exp.Table | Scope) else []
        is_left = join.side == "LEFT"
        relation, own, within = None, list[exp.Expr](), dict[str, Joined]()
        if len(parts) == 1 and parts[0].relation is not None and not parts[0].is_grouped:
            part = parts[0]
            relation = part.relation
            own = [_moved(one, alias) for one in part.conditions]
            within = {name: _under(one, alias, is_left) for name, one in part.joined.items()}
            sources[name] = lambda wanted: _moved(part.column(wanted), alias)
        elif join.this.name in self._ctes:
            sources[name] = lambda wanted: exp.column(wanted, table=alias)
        else:
            sources[name] = _opaque
            return
        inlined = _Inlined(sources, {})
        on = [inlined(one) for one in _conjuncts(join.args.get("on"))]
        if not all(is_plain(one) for one in on):
            sources[name] = _opaque
            return
        joined[alias] = Joined(
            source=_written(join.this, relation),
            relation=relation,
            query=source if relation is None and isinstance(source, Scope) else None,
            conditions=[*on, *own],
            is_left=is_left,
        )
        joined.update(within)


class _Inlined:
    """Expressions of a query in terms of the tables at the bottom."""

    def __init__(
        self, sources: dict[str, Callable[[str], exp.Expr]], selects: dict[str, exp.Expr]
    ) -> None:
        self._sources = sources
        self._selects = selects

    def selected(self, name: str) -> exp.Expr:
        return self._selects.get(name) or _opaque(name)

    def __call__(self, expression: exp.Expr) -> exp.Expr:
        if isinstance(expression, exp.Column):
            return self._column(expression)
        copy = expression.copy()
        for column in list(copy.find_all(exp.Column)):
            if column.table in self._sources and not _is_of_subquery(column):
                column.replace(self._wrapped(column))
        too_large = sum(1 for _ in copy.walk()) > _LARGEST
        return _opaque(_OPAQUE) if too_large else copy

    def _column(self, column: exp.Column) -> exp.Expr:
        source = self._sources.get(column.table, _opaque)
        return source(column.name).copy()

    def _wrapped(self, column: exp.Column) -> exp.Expr:
        inner = self._column(column)
        return inner if isinstance(inner, exp.Column | exp.Func) else exp.paren(inner, copy=False)


def _opaque(_name: str) -> exp.Expr:
    return exp.column(_OPAQUE, table=_OPAQUE)


def _unaliased(select: exp.Expr) -> str:
    return select.alias_or_name


def _renamed(column: Callable[[str], exp.Expr], names: dict[str, str]) -> Callable[[str], exp.Expr]:
    return lambda wanted: column(names.get(wanted, wanted))


def _moved(expression: exp.Expr, alias: str) -> exp.Expr:
    """The expression over the table under another alias."""
    copy = expression.copy()
    for column in copy.find_all(exp.Column):
        if column.table == ROWS:
            column.set("table", exp.to_identifier(alias))
    return copy


def _written(table: exp.Expr, relation: Relation | None) -> str:
    if relation is not None:
        return f'kota."{relation.schema}"."{relation.name}"'
    copy = table.copy()
    copy.set("alias", None)
    return copy.sql(DIALECT)


def _is_of_subquery(column: exp.Column) -> bool:
    """Whether a column in a subquery is of a table of that, and not of the query around it."""
    query = column.find_ancestor(exp.Select)
    while query is not None:
        tables = [query.args.get("from_"), *query.args.get("joins", ())]
        if column.table in {table.this.alias_or_name for table in tables if table}:
            return True
        query = query.find_ancestor(exp.Select)
    return False


def _under(joined: Joined, alias: str, is_left: bool) -> Joined:
    """What a joined query joins itself, seen from outside."""
    conditions = [_moved(one, alias) for one in joined.conditions]
    return replace(joined, conditions=conditions, is_left=joined.is_left or is_left)


def _conjuncts(clause: exp.Expr | None) -> list[exp.Expr]:
    if clause is None:
        return []
    condition = clause.this if isinstance(clause, exp.Where) else clause
    while isinstance(condition, exp.Paren):
        condition = condition.this
    return list(condition.flatten()) if isinstance(condition, exp.And) else [condition]


def _is_grouped(query: exp.Expr) -> bool:
    if query.args.get("group") or query.args.get("distinct"):
        return True
    return any(
        isinstance(node, exp.AggFunc) and not in_window(node)
        for select in selects(query)
        for node in own_nodes(select)
    )


def _rolled_up(query: exp.Expr) -> set[str]:
    """The keys of grouping sets, as they are written."""
    group = query.args.get("group")
    if group is None:
        return set()
    sets = group.find_all(exp.GroupingSets, exp.Rollup, exp.Cube)
    return {column.sql() for part in sets for column in part.find_all(exp.Column)}
