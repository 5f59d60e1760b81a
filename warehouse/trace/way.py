"""A branch as queries: from the rows of a query to those beneath."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from lake.columns import quoted
from warehouse.trace.branch import ROWS, Branch, joins_of
from warehouse.trace.field import Relation
from warehouse.trace.query import DIALECT

CELL = "_cell"
"""The alias of the rows above."""


@dataclass(frozen=True)
class Way:
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
        cell = [condition for condition in conditions if is_of_cell(condition)]
        own = [condition for condition in conditions if not is_of_cell(condition)]
        once = "distinct " if joins else ""
        return (
            f"{self.ctes} select {once}{ROWS}.* "
            f"from {relation_name(self.branch.relation)} as {ROWS}{joins} "
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


def is_of_cell(condition: exp.Expr) -> bool:
    """Whether a condition speaks of the row above."""
    return any(column.table == CELL for column in condition.find_all(exp.Column))


def relation_name(relation: Relation | None) -> str:
    """The relation as a query on the candidate writes it."""
    if relation is None:
        raise ValueError("rows that a query makes up come from no table")
    return f"kota.{quoted(relation.schema)}.{quoted(relation.name)}"


def _all(conditions: Sequence[exp.Expr]) -> str:
    return " and ".join(f"({condition.sql(DIALECT)})" for condition in conditions) or "true"
