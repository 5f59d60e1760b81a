"""The rows found on the way from a number down to its sources."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from warehouse.trace.field import Relation

_ENDS = ("reference", "ops")


@dataclass(frozen=True)
class Proof:
    """A number computed again from the rows that were found."""

    column: str
    published: object
    again: object

    @property
    def holds(self) -> bool:
        """Whether it is the same number."""
        if isinstance(self.published, float) and isinstance(self.again, int | float):
            return math.isclose(self.published, self.again, rel_tol=1e-9, abs_tol=1e-9)
        return self.published == self.again


@dataclass
class Step:
    """Rows of one relation that are in the number."""

    relation: Relation
    table: str
    """The temporary table that holds them."""
    count: int
    columns: frozenset[str]
    """The columns of them that are in the number."""
    key: tuple[str, ...] = ()
    proof: Proof | None = None
    is_exact: bool = True
    """False where they are all that the number can be made of, and perhaps more than is in it."""
    beneath: list["Step"] = field(default_factory=list)

    @property
    def is_dead_end(self) -> bool:
        """Whether no row was found beneath, though this is not where the way ends."""
        is_end = self.relation.app is not None or self.relation.schema in _ENDS
        return not self.beneath and not is_end

    def leaves(self) -> Iterator["Step"]:
        """The steps beneath which there is nothing."""
        if not self.beneath:
            yield self
        for step in self.beneath:
            yield from step.leaves()

    def steps(self) -> Iterator["Step"]:
        """This step and all beneath it."""
        yield self
        for step in self.beneath:
            yield from step.steps()
