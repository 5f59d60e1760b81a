"""Rows of one table that were written down in two ways: most by one hand, some by another."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.dice import Bools, Ints
from demo.registration import Registration


@dataclass(frozen=True)
class TwoHands:
    """``people`` are positions in the population of ``most`` and, where ``is_some``, in that of
    ``some``. All arrays go by the rows' positions; an entry is a row's position + 1, its id."""

    most: Registration
    some: Registration
    is_some: Bools
    people: Ints

    def nik(self, at: Ints) -> pa.Array:
        """As ``Registration.nik``, for the rows at these positions."""
        return self.texts(at, lambda wrote, rows, who: wrote.nik(rows + 1, who))

    def name(self, at: Ints) -> pa.Array:
        """As ``Registration.name``."""
        return self.texts(at, lambda wrote, rows, who: wrote.name(rows + 1, who))

    def phone(self, at: Ints, version: Ints | None = None) -> pa.Array:
        """As ``Registration.phone``; ``version`` by the rows' positions."""

        def phones(wrote: Registration, rows: Ints, who: Ints) -> pa.Array:
            return wrote.phone(rows + 1, who, None if version is None else version[rows])

        return self.texts(at, phones)

    def birth_day(self, at: Ints) -> Ints:
        """As ``Registration.birth_day``."""
        return self._numbers(at, lambda wrote, rows, who: wrote.birth_day(rows + 1, who))

    def is_woman(self, at: Ints) -> Bools:
        """As ``Registration.is_woman``."""

        def women(wrote: Registration, rows: Ints, who: Ints) -> Ints:
            return wrote.is_woman(rows + 1, who).astype(np.int64)

        return self._numbers(at, women).astype(bool)

    def errors(self) -> dict[str, Ints]:
        """Ids of the rows by error, as ``Registration.errors``."""
        most, some = np.flatnonzero(~self.is_some), np.flatnonzero(self.is_some)
        one = self.most.errors(most + 1, self.people[most])
        other = self.some.errors(some + 1, self.people[some])
        return {kind: np.concatenate([one[kind], other[kind]]) for kind in one}

    def texts(self, at: Ints, of: Callable[[Registration, Ints, Ints], pa.Array]) -> pa.Array:
        """``of(registration, rows, people)`` by each hand, in the order of ``at``."""
        mask = self.is_some[at]
        most, some = at[~mask], at[mask]
        parts = [of(self.most, most, self.people[most]), of(self.some, some, self.people[some])]
        return pa.concat_arrays([_array(part) for part in parts]).take(pa.array(_places(mask)))

    def _numbers(self, at: Ints, of: Callable[[Registration, Ints, Ints], Ints]) -> Ints:
        mask = self.is_some[at]
        most, some = at[~mask], at[mask]
        parts = [of(self.most, most, self.people[most]), of(self.some, some, self.people[some])]
        numbers: Ints = np.concatenate(parts)[_places(mask)]
        return numbers


def _array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    one = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return pc.cast(one, pa.string())


def _places(mask: Bools) -> Ints:
    """Where each row is once those of the mask are put behind the others."""
    behind = np.cumsum(mask) - 1 + np.count_nonzero(~mask)
    return np.where(mask, behind, np.cumsum(~mask) - 1)
