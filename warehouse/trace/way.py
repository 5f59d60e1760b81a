"""A branch as queries: from the rows of a query to those beneath."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from lake.columns import quoted
from warehouse.trace.branch import ROWS, Branch, Joined, joins_of
from warehouse.trace.field import Relation
from warehouse.trace.query import DIALECT

CELL = "_cell"
"""The alias of the rows above."""


@dataclass(frozen=True)
class Way:
    """A branch as the queries that go down it."""

    branch: Branch
    ctes: exp.Expr | None
    """What the query around it defines; joins and subqueries may read it."""
    is_of_union: bool

    def rows(self, cells: str, conditions: Sequence[exp.Expr]) -> str:
        """The rows beneath: of the table that the branch starts from."""
        aliases = {alias for one in conditions for alias in joins_of(one)}
        return self._rows(cells, conditions, self._needed(aliases, is_all=True))

    def alone(self, cells: str, conditions: Sequence[exp.Expr]) -> str:
        """The same by what needs no join."""
        return self._rows(cells, conditions, {})

    def joined(self, found: str, alias: str) -> str:
        """Those of a joined table that belong to rows which were found."""
        needed = self._needed({alias})
        return (
            f"{self._with(needed)} select distinct {alias}.* "
            f"from {found} as {ROWS}{_joins(needed)} where {alias} is not null"
        )

    def again(self, found: str, made_of: exp.Expr) -> str:
        """An aggregate of rows which were found."""
        needed = self._needed(joins_of(made_of))
        return (
            f"{self._with(needed, made_of)} select {made_of.sql(DIALECT)} "
            f"from {found} as {ROWS}{_joins(needed)}"
        )

    def _rows(
        self, cells: str, conditions: Sequence[exp.Expr], needed: Mapping[str, Joined]
    ) -> str:
        cell = [condition for condition in conditions if is_of_cell(condition)]
        own = [condition for condition in conditions if not is_of_cell(condition)]
        once = "distinct " if needed else ""
        return (
            f"{self._with(needed, *conditions)} select {once}{ROWS}.* "
            f"from {relation_name(self.branch.relation)} as {ROWS}{_joins(needed)} "
            f"where {_all(own)} and exists (select 1 from {cells} as {CELL} where {_all(cell)})"
        )

    def _needed(self, aliases: set[str], *, is_all: bool = False) -> dict[str, Joined]:
        """The joins that some aliases need; all that leave rows out, if wanted."""
        joined = self.branch.joined
        ahead = list(aliases)
        if is_all:
            ahead += [alias for alias, one in joined.items() if not one.is_left and one.conditions]
        needed = set()
        while ahead:
            alias = ahead.pop()
            if alias in joined and alias not in needed:
                needed.add(alias)
                ahead += [a for one in joined[alias].conditions for a in joins_of(one)]
        return {alias: one for alias, one in joined.items() if alias in needed}

    def _with(self, needed: Mapping[str, Joined], *expressions: exp.Expr) -> str:
        """The definitions, where something reads them: writing them all out takes long."""
        on = [one for joined in needed.values() for one in joined.conditions]
        is_read = any(joined.relation is None for joined in needed.values())
        is_read = is_read or any(one.find(exp.Query) for one in (*expressions, *on))
        return self.ctes.sql(DIALECT) if self.ctes is not None and is_read else ""


def _joins(needed: Mapping[str, Joined]) -> str:
    return "".join(
        f" {'left ' if one.is_left else ''}join {one.source} as {alias} on {_all(one.conditions)}"
        for alias, one in needed.items()
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
