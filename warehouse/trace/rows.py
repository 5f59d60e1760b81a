"""From cells of a published table down to the rows of the lake that are in them.

Each model's own SQL says which rows of its input a row is made of (``warehouse.trace.branch``); the
candidate still has all of these, so that each step is a query, and where one number was made of
many rows it is computed again from those that were found.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import duckdb
from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from lake.columns import quoted
from warehouse.trace.branch import (
    ROWS,
    Branch,
    Joined,
    branches,
    is_constant,
    is_plain,
    joins_of,
    rolled_up,
)
from warehouse.trace.field import Catalog, Relation
from warehouse.trace.models import Model, Models
from warehouse.trace.query import (
    DIALECT,
    UnreadableQueryError,
    as_schema,
    in_window,
    is_aggregate,
    output_columns,
    own_nodes,
    root_scope,
)
from warehouse.trace.step import Proof, Step

_DEEPEST = 25
_MOST_STEPS = 80
CELL = "_cell"
"""The alias of the rows above."""


class RowWalk:
    """The way down, on a connection to which the candidate is attached as ``kota``."""

    def __init__(self, con: duckdb.DuckDBPyConnection, models: Models, catalog: Catalog) -> None:
        self._con = con
        self._models = models
        self._schema = as_schema(catalog)
        self._tables = 0

    def down(self, relation: Relation, table: str, columns: frozenset[str]) -> Step:
        """From the rows of ``relation`` in the temporary ``table`` to all that is beneath."""
        step = Step(relation, table, self._count(table), columns, self._key(relation))
        self._go_on(step, 0)
        return step

    def _go_on(self, step: Step, depth: int) -> None:
        model = self._models.by_relation.get(step.relation)
        if model is None or depth > _DEEPEST:
            return
        if model.sql is None:
            if (found := self._declared(step, model)) is not None:
                step.beneath.append(found)
                self._go_on(found, depth + 1)
            return
        with suppress(UnreadableQueryError):
            scope = root_scope(model.sql, self._schema)
            ctes = scope.expression.args.get("with_")
            for found in self._beneath(step, scope, ctes.sql(DIALECT) if ctes else ""):
                if self._tables > _MOST_STEPS:
                    return
                step.beneath.append(found)
                self._go_on(found, depth + 1)

    def _beneath(self, step: Step, query: Scope, ctes: str) -> Iterator[Step]:
        """The rows beneath those of a query, which are in ``step``."""
        names = output_columns(query)
        for branch in branches(query):
            if branch.relation is None:
                continue
            way = _Way(branch, ctes)
            made_of = {name: branch.column(name) for name in names}
            wanted = {name: made_of[name] for name in names if name in step.columns}
            found = self._driving(step, way, made_of, wanted)
            if found is None:
                continue
            yield found
            for alias, joined in branch.joined.items():
                if columns := frozenset(_columns(wanted.values(), alias)):
                    yield from self._joined(way, found, alias, joined, columns)

    def _declared(self, step: Step, model: Model) -> Step | None:
        """Beneath a model that is no SQL: the rows of that input which has its key."""
        inputs = {column: (model.declared or {}).get(column, ()) for column in model.key}
        if not inputs or any(len(one) != 1 for one in inputs.values()):
            return None
        parts = {column: one[0].partition(".") for column, one in inputs.items()}
        names = {name for name, _, _ in parts.values()}
        parent = self._models.named(names.pop()) if len(names) == 1 else None
        if parent is None:
            return None
        same = " and ".join(
            f"{ROWS}.{quoted(below)} is not distinct from {CELL}.{quoted(column)}"
            for column, (_, _, below) in parts.items()
        )
        return self._found(
            parent.relation,
            frozenset(below for _, _, below in parts.values()),
            f"select {ROWS}.* from {_name(parent.relation)} as {ROWS} "
            f"where exists (select 1 from {step.table} as {CELL} where {same})",
        )

    def _driving(
        self,
        step: Step,
        way: "_Way",
        made_of: dict[str, exp.Expr],
        wanted: dict[str, exp.Expr],
    ) -> Step | None:
        """The rows of the table that a branch starts from."""
        relation = way.branch.relation
        matches = _matches(step.key, way.branch, made_of)
        if relation is None or not matches:
            return None
        conditions = [*way.branch.conditions, *_narrowed(wanted), *matches]
        below = frozenset(_columns(wanted.values(), ROWS))
        is_exact = way.branch.is_exact
        found = self._found(relation, below, way.rows(step.table, conditions))
        if found is None:  # also where a join in between can't be made: then without it
            simple = [one for one in conditions if not joins_of(one)]
            if len(simple) == len(conditions) or not any(map(_is_of_cell, simple)):
                return None
            is_exact = False
            found = self._found(relation, below, way.alone(step.table, simple))
            if found is None:
                return None
        if step.count == 1 and len(wanted) == 1:
            found.proof = self._proof(step, found, way, *next(iter(wanted.items())))
        found.is_exact = is_exact or (found.proof is not None and found.proof.holds)
        return found

    def _joined(
        self, way: "_Way", found: Step, alias: str, joined: Joined, columns: frozenset[str]
    ) -> Iterator[Step]:
        """The rows of a joined table, or beneath a joined query, that are in the number."""
        relation = joined.relation or Relation("", alias)
        rows = self._found(relation, columns, way.joined(found.table, alias))
        if rows is None:
            return
        if joined.query is None:
            yield rows
        else:
            yield from self._beneath(rows, joined.query, way.ctes)

    def _found(self, relation: Relation, columns: frozenset[str], query: str) -> Step | None:
        """The rows that a query over a relation gives; None where there are none."""
        self._tables += 1
        table = f"found_{self._tables}"
        try:
            self._con.execute(f"create temp table {table} as {query}")
        except duckdb.Error:
            return None
        count = self._count(table)
        return Step(relation, table, count, columns, self._key(relation)) if count else None

    def _proof(
        self, step: Step, found: Step, way: "_Way", name: str, made_of: exp.Expr
    ) -> Proof | None:
        if not is_aggregate(made_of):
            return None
        try:
            again = self._con.execute(way.again(found.table, made_of)).fetchone()
            published = self._con.execute(f"select {quoted(name)} from {step.table}").fetchone()
        except duckdb.Error:
            return None
        return Proof(name, published[0], again[0]) if published and again else None

    def _key(self, relation: Relation) -> tuple[str, ...]:
        model = self._models.by_relation.get(relation)
        return model.key if model else ()

    def _count(self, table: str) -> int:
        row = self._con.execute(f"select count(*) from {table}").fetchone()
        return int(row[0]) if row else 0


@dataclass(frozen=True)
class _Way:
    """A branch as the queries that go down it."""

    branch: Branch
    ctes: str

    def rows(self, cells: str, conditions: Sequence[exp.Expr]) -> str:
        """The rows beneath: of the table that the branch starts from."""
        joins = self._joins({alias for one in conditions for alias in joins_of(one)}, is_all=True)
        return self._rows(cells, conditions, joins)

    def alone(self, cells: str, conditions: Sequence[exp.Expr]) -> str:
        """The same by what needs no join."""
        return self._rows(cells, conditions, "")

    def _rows(self, cells: str, conditions: Sequence[exp.Expr], joins: str) -> str:
        cell = [condition for condition in conditions if _is_of_cell(condition)]
        own = [condition for condition in conditions if not _is_of_cell(condition)]
        once = "distinct " if joins else ""
        return (
            f"{self.ctes} select {once}{ROWS}.* "
            f"from {_name(self.branch.relation)} as {ROWS}{joins} "
            f"where {_all(own)} and exists (select 1 from {cells} as {CELL} where {_all(cell)})"
        )

    def joined(self, found: str, alias: str) -> str:
        """Those of a joined table that belong to rows which were found."""
        joins = self._joins({alias})
        return (
            f"{self.ctes} select distinct {alias}.* from {found} as {ROWS}{joins} "
            f"where {alias} is not null"
        )

    def again(self, found: str, made_of: exp.Expr) -> str:
        """An aggregate of rows which were found."""
        joins = self._joins(joins_of(made_of))
        return f"{self.ctes} select {made_of.sql(DIALECT)} from {found} as {ROWS}{joins}"

    def _joins(self, needed: set[str], *, is_all: bool = False) -> str:
        """The joins that some aliases need; all that leave rows out, if wanted."""
        joined = self.branch.joined
        ahead = list(needed)
        if is_all:
            ahead += [alias for alias, one in joined.items() if not one.is_left and one.conditions]
        needed = set()
        while ahead:
            alias = ahead.pop()
            if alias in joined and alias not in needed:
                needed.add(alias)
                ahead += [a for one in joined[alias].conditions for a in joins_of(one)]
        return "".join(
            f" {'left join' if one.is_left else 'join'} {one.source} as {alias} "
            f"on {_all(one.conditions)}"
            for alias, one in joined.items()
            if alias in needed
        )


def _is_of_cell(condition: exp.Expr) -> bool:
    return any(column.table == CELL for column in condition.find_all(exp.Column))


def _matches(names: Sequence[str], branch: Branch, made_of: dict[str, exp.Expr]) -> list[exp.Expr]:
    """That a row beneath belongs to a row above: the columns that both tell are the same."""
    plain = {name: one for name, one in made_of.items() if is_plain(one)}
    telling = {name: one for name, one in plain.items() if not is_constant(one)}
    key = {name.lower() for name in names}
    if key and key <= {*plain} and not branch.is_grouped:
        telling = {name: one for name, one in plain.items() if name in key}
    elif not telling and not branch.is_grouped:
        return []
    constants = {name: one for name, one in plain.items() if is_constant(one)}
    return [_same(name, one) for name, one in {**constants, **telling}.items()]


def _same(name: str, made_of: exp.Expr) -> exp.Expr:
    above = exp.column(exp.to_identifier(name, quoted=True), table=CELL)
    ways = [
        exp.NullSafeEQ(this=exp.paren(one), expression=above.copy()) for one in rolled_up(made_of)
    ]
    return ways[0] if len(ways) == 1 else exp.paren(exp.or_(*ways))


def _narrowed(wanted: dict[str, exp.Expr]) -> list[exp.Expr]:
    """The rows that the one aggregate of a column takes, where it takes not all of its group."""
    if len(wanted) != 1:
        return []
    made_of = next(iter(wanted.values()))
    aggregates = [
        node for node in own_nodes(made_of) if isinstance(node, exp.AggFunc) and not in_window(node)
    ]
    if len(aggregates) != 1:
        return []
    condition = _condition(aggregates[0])
    return [condition] if condition is not None and is_plain(condition) else []


def _condition(aggregate: exp.Expr) -> exp.Expr | None:
    if isinstance(aggregate.parent, exp.Filter):
        where: exp.Expr = aggregate.parent.expression
        return where.this if isinstance(where, exp.Where) else where
    if isinstance(aggregate, exp.CountIf):
        return aggregate.this
    inner = aggregate.this
    while isinstance(inner, exp.Paren | exp.Cast):
        inner = inner.this
    if isinstance(aggregate, exp.Sum) and isinstance(inner, exp.Case):
        default = inner.args.get("default")
        is_nothing = default is None or isinstance(default, exp.Null) or default.sql() == "0"
        if is_nothing and inner.this is None:
            return exp.or_(*(one.this.copy() for one in inner.args["ifs"]))
    return None


def _columns(expressions: Iterator[exp.Expr] | object, table: str) -> set[str]:
    return {
        column.name
        for one in expressions  # type: ignore[attr-defined]
        for column in one.find_all(exp.Column)
        if column.table == table
    }


def _all(conditions: Sequence[exp.Expr]) -> str:
    return " and ".join(f"({condition.sql(DIALECT)})" for condition in conditions) or "true"


def _name(relation: Relation | None) -> str:
    if relation is None:
        raise ValueError("rows that a query makes up come from no table")
    return f"kota.{quoted(relation.schema)}.{quoted(relation.name)}"
