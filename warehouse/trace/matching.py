"""Which rows beneath belong to a row above: the same values in what both tell, and the filter of an
aggregate.
"""

from collections.abc import Sequence

from sqlglot import exp

from warehouse.trace.branch import Branch, is_constant, is_plain, rolled_up
from warehouse.trace.query import in_window, own_nodes
from warehouse.trace.way import CELL


def matches(
    key: Sequence[str], branch: Branch, names: Sequence[str], *, is_union: bool
) -> list[exp.Expr]:
    """That a row beneath belongs to a row above: the columns that both tell are the same.

    The key is enough where it can be told and no rows are grouped; of a union, also what is
    written into each of its parts.
    """
    by_key = {name: branch.column(name) for name in names if name.lower() in _lower(key)}
    is_told = len(by_key) == len(key) > 0 and all(map(is_plain, by_key.values()))
    if is_told and not branch.is_grouped:
        others = names if is_union else ()
        constants = {n: one for n in others if is_constant(one := branch.column(n))}
        return [_same(name, one) for name, one in {**constants, **by_key}.items()]
    plain = {name: one for name in names if is_plain(one := branch.column(name))}
    if all(map(is_constant, plain.values())) and not branch.is_grouped:
        return []
    return [_same(name, one) for name, one in plain.items()]


def _lower(names: Sequence[str]) -> set[str]:
    return {name.lower() for name in names}


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
