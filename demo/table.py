"""One table of one app as it stands on a day: cheap to describe, made into rows only on demand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from demo.dice import Ints

CHUNK_ROWS = 50_000
"""Rows made at once: bounds memory whatever the size of the city."""


@dataclass(frozen=True)
class Table:
    """``ids`` are the rows' keys; ``revisions`` differ whenever a row's content differs.

    ``render(positions)`` makes the rows at those positions, ``None`` being SQL's NULL;
    ``key_text`` turns ids into keys as stored, where they are not the numbers themselves.
    """

    name: str
    key: str
    ids: Ints
    revisions: Ints
    render: Callable[[Ints], pa.Table]
    key_text: Callable[[Ints], pa.Array] | None = None
    dirt: dict[str, Ints] = field(default_factory=dict)
    people: Ints | None = None
    """The citizen each row is about, by position; -1 for none. What matching is measured by."""
    homes: Ints | None = None
    """The kelurahan each row's place truly lies in, by position; -1 for none."""
    beside: dict[str, Ints] = field(default_factory=dict)
    """Citizens that each row names besides, by the part they play in it; -1 for none."""

    def chunks(self, positions: Ints | None = None) -> Iterator[pa.Table]:
        """The rows (at ``positions``, default all), a bounded number at a time."""
        chosen = np.arange(len(self.ids)) if positions is None else positions
        for start in range(0, len(chosen), CHUNK_ROWS):
            yield self.render(chosen[start : start + CHUNK_ROWS])

    def key_array(self, ids: Ints) -> pa.Array:
        """The keys of these ids as the database holds them."""
        return pa.array(ids) if self.key_text is None else self.key_text(ids)

    def keys(self, ids: Ints) -> list[Any]:
        """The same as a list."""
        keys: list[Any] = self.key_array(ids).to_pylist()
        return keys


@dataclass(frozen=True)
class Change:
    """What became of a table between two days: ``inserted`` and ``changed`` are positions in the
    later table, ``deleted`` are ids."""

    inserted: Ints
    changed: Ints
    deleted: Ints


def compare(before: Table, after: Table) -> Change:
    """The difference between two states of one table."""
    order = np.argsort(before.ids, kind="stable")
    known = before.ids[order]
    place = np.minimum(np.searchsorted(known, after.ids), max(len(known) - 1, 0))
    existed = known[place] == after.ids if len(known) else np.zeros(len(after.ids), dtype=bool)
    differs = np.zeros(len(after.ids), dtype=bool)
    if len(known):
        differs = existed & (before.revisions[order][place] != after.revisions)
    return Change(
        inserted=np.flatnonzero(~existed),
        changed=np.flatnonzero(differs),
        deleted=np.setdiff1d(before.ids, after.ids),
    )
