"""Which rows beneath belong to a row above: the same values in what both tell, and the filter of an
aggregate.
"""

from collections.abc import Sequence

from sqlglot import exp

from warehouse.trace.branch import Branch, is_constant, is_plain, rolled_up
from warehouse.trace.query import in_window, own_nodes
from warehouse.trace.way import CELL


def matches(names: Sequence[str], branch: Branch, made_of: dict[str, exp.Expr]) -> list[exp.Expr]:
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


def narrowed(wanted: dict[str, exp.Expr]) -> list[exp.Expr]:
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
        condition: exp.Expr = where.this if isinstance(where, exp.Where) else where
        return condition
    inner: exp.Expr = aggregate.this
    if isinstance(aggregate, exp.CountIf):
        return inner
    while isinstance(inner, exp.Paren | exp.Cast):
        inner = inner.this
    if isinstance(aggregate, exp.Sum) and isinstance(inner, exp.Case):
        default = inner.args.get("default")
        is_nothing = default is None or isinstance(default, exp.Null) or default.sql() == "0"
        if is_nothing and inner.this is None:
            return exp.or_(*(one.this.copy() for one in inner.args["ifs"]))
    return None
