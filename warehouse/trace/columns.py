"""Which columns of its inputs a column of a model is made of, by the model's own SQL."""

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from warehouse.trace.field import Field, How, Inputs
from warehouse.trace.query import is_aggregate, output_columns, relation_of, selects

_STRENGTH: dict[How, int] = {"IDENTITY": 0, "TRANSFORMATION": 1, "AGGREGATION": 2}
_CLAUSES: dict[str, How] = {
    "where": "FILTER",
    "having": "FILTER",
    "qualify": "FILTER",
    "group": "GROUP_BY",
}


class ColumnLineage:
    """What the columns of one query are made of."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._known: dict[tuple[int, str], Inputs] = {}

    def columns(self) -> dict[str, Inputs]:
        """By output column: the fields whose values are in it."""
        return {name: self._inputs(self._scope, name) for name in output_columns(self._scope)}

    def rows(self) -> Inputs:
        """The fields that decide which rows there are: filters, joins and groups."""
        found: Inputs = {}
        for scope in self._scope.traverse():
            for how, expression in _clauses(scope):
                for field in self._of(scope, expression):
                    found.setdefault(field, how)
        return found

    def _inputs(self, scope: Scope, name: str) -> Inputs:
        key = (id(scope), name)
        if key not in self._known:
            self._known[key] = {}  # a recursive query asks for itself
            self._known[key] = self._look_up(scope, name)
        return self._known[key]

    def _look_up(self, scope: Scope, name: str) -> Inputs:
        names = output_columns(scope)
        if name not in names:
            return {}
        if scope.set_operation_scopes:
            place = names.index(name)
            found: Inputs = {}
            for part in scope.set_operation_scopes:
                inner = output_columns(part)
                if place < len(inner):
                    _merge(found, self._inputs(part, inner[place]))
            return found
        expression = selects(scope.expression)[names.index(name)].unalias()
        how: How = "TRANSFORMATION"
        if isinstance(expression, exp.Column):
            how = "IDENTITY"
        elif is_aggregate(expression):
            how = "AGGREGATION"
        return {
            field: max(how, inner, key=lambda one: _STRENGTH[one])
            for field, inner in self._of(scope, expression).items()
        }

    def _of(self, scope: Scope, expression: exp.Expr) -> Inputs:
        found: Inputs = {}
        for column in expression.find_all(exp.Column):
            source = _source(scope, column)
            if isinstance(source, exp.Table):
                _merge(found, {Field(relation_of(source), column.name): "IDENTITY"})
            elif isinstance(source, Scope):
                _merge(found, self._inputs(source, column.name))
        return found


def _source(scope: Scope, column: exp.Column) -> exp.Expr | Scope | None:
    """Where a column of a scope or of a subquery in it comes from."""
    if column.table in scope.sources:
        return scope.sources[column.table]
    for inner in scope.subquery_scopes:
        if (found := _source(inner, column)) is not None:
            return found
    return None


def _clauses(scope: Scope) -> Iterator[tuple[How, exp.Expr]]:
    query = scope.expression
    for name, how in _CLAUSES.items():
        if clause := query.args.get(name):
            yield how, clause
    if (group := query.args.get("group")) and group.args.get("all"):
        for column in selects(query):
            if not is_aggregate(column.unalias()):
                yield "GROUP_BY", column
    for join in query.args.get("joins") or ():
        if condition := join.args.get("on"):
            yield "JOIN", condition


def _merge(into: Inputs, more: Inputs) -> None:
    for field, how in more.items():
        into[field] = max(into.get(field, how), how, key=lambda one: _STRENGTH[one])
