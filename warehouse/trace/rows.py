"""From cells of a published table down to the rows of the lake that are in them.

Each model's own SQL says which rows of its input a row is made of (``warehouse.trace.branch``); the
candidate still has all of these, so that each step is a query, and where one number was made of
many rows it is computed again from those that were found.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

import duckdb
from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from lake.columns import quoted
from warehouse.trace.branch import ROWS, Joined, branches, joins_of
from warehouse.trace.field import Catalog, Relation
from warehouse.trace.matching import matches, narrowed
from warehouse.trace.models import Model, Models
from warehouse.trace.query import (
    UnreadableQueryError,
    as_schema,
    is_aggregate,
    output_columns,
    root_scope,
)
from warehouse.trace.step import Proof, Step
from warehouse.trace.way import CELL, Way, is_of_cell, relation_name

_DEEPEST = 25
_MOST_STEPS = 80


class RowWalk:
    """The way down, on a connection to which the candidate is attached as ``kota``."""

    def __init__(self, con: duckdb.DuckDBPyConnection, models: Models, catalog: Catalog) -> None:
        self._con = con
        self._models = models
        self._schema = as_schema(catalog)
        self._tables = 0
        self.is_whole = True
        """False once the way branched out so far that it was not followed to every end."""

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
            for found in self._beneath(step, scope, ctes):
                if self._tables > _MOST_STEPS:
                    self.is_whole = False
                    return
                step.beneath.append(found)
                self._go_on(found, depth + 1)

    def _beneath(self, step: Step, query: Scope, ctes: exp.Expr | None) -> Iterator[Step]:
        """The rows beneath those of a query, which are in ``step``."""
        names = output_columns(query)
        parts = branches(query)
        for branch in parts:
            if branch.relation is None:
                continue
            way = Way(branch, ctes, is_of_union=len(parts) > 1)
            wanted = {name: branch.column(name) for name in names if name in step.columns}
            found = self._driving(step, way, names, wanted)
            if found is None:
                continue
            yield found
            for alias, joined in branch.joined.items():
                if columns := _columns(wanted.values(), alias):
                    yield from self._joined(way, found, alias, joined, columns)

    def _declared(self, step: Step, model: Model) -> Step | None:
        """Beneath a model that is no SQL: the rows of the input of whose key it has a copy."""
        copies: dict[str, dict[str, str]] = {}
        for column, inputs in (model.declared or {}).items():
            if len(inputs) == 1:
                name, _, below = inputs[0].partition(".")
                copies.setdefault(name, {}).setdefault(below, column)
        for name, columns in copies.items():
            parent = self._models.named(name)
            if parent is None or not parent.key or not {*parent.key} <= {*columns}:
                continue
            same = " and ".join(
                f"cast({ROWS}.{quoted(below)} as varchar) = "
                f"cast({CELL}.{quoted(columns[below])} as varchar)"
                for below in parent.key
            )
            return self._found(
                parent.relation,
                frozenset(parent.key),
                f"select {ROWS}.* from {relation_name(parent.relation)} as {ROWS} "
                f"where exists (select 1 from {step.table} as {CELL} where {same})",
            )
        return None

    def _driving(
        self,
        step: Step,
        way: Way,
        names: Sequence[str],
        wanted: dict[str, exp.Expr],
    ) -> Step | None:
        """The rows of the table that a branch starts from."""
        relation = way.branch.relation
        same = matches(step.key, way.branch, names, is_union=way.is_of_union)
        if relation is None or not same:
            return None
        conditions = [*way.branch.conditions, *narrowed(wanted), *same]
        below = _columns(wanted.values(), ROWS)
        is_exact = way.branch.is_exact
        found = self._found(relation, below, way.rows(step.table, conditions))
        if found is None:  # also where a join in between can't be made: then without it
            simple = [one for one in conditions if not joins_of(one)]
            if len(simple) == len(conditions) or not any(map(is_of_cell, simple)):
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
        self, way: Way, found: Step, alias: str, joined: Joined, columns: frozenset[str]
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
        self, step: Step, found: Step, way: Way, name: str, made_of: exp.Expr
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


def _columns(expressions: Iterable[exp.Expr], table: str) -> frozenset[str]:
    """The columns of a table that are in some expressions."""
    return frozenset(
        column.name
        for one in expressions
        for column in one.find_all(exp.Column)
        if column.table == table
    )
