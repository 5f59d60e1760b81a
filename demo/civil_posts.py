"""The posts that employees held: where, as what, from when until when."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from demo.civil_servants import CivilServants
from demo.days import DAY, HOUR, NEVER
from demo.dice import Bools, Ints
from demo.simpeg_units import Units

_MOST = 5
"""Posts in one career at most."""

_CAREER_DAYS = 34 * 365

STAFF, SPECIALIST, SECTION_HEAD, DIVISION_HEAD, HEAD = range(5)
_RANKS = (52, 34, 9, 4, 1)


@dataclass(frozen=True)
class Posts:
    """Every post that today's employees hold at some time; those ahead are drawn with the rest."""

    servants: CivilServants
    units: Units

    @cached_property
    def chances(self) -> Ints:
        """``servant * _MOST + n`` of every post, by servant and then in order of time."""
        ids = self.servants.ids
        dice = self.servants.population.dice
        counts = 1 + dice.choice("post/count", ids, (34, 30, 20, 10, 6))
        servant = np.repeat(ids, counts)
        first = np.repeat(np.cumsum(counts) - counts, counts)
        return servant * _MOST + np.arange(len(servant)) - first

    @cached_property
    def servant(self) -> Ints:
        """The employee of each."""
        return self.chances // _MOST

    @cached_property
    def begin(self) -> Ints:
        """Its first day, as a midnight: the appointment, then moves through the whole career."""
        dice = self.servants.population.dice
        turn = self.chances % _MOST
        appointed = self.servants.appointed[self.servant] * DAY
        # The n-th move lies in the n-th fifth of a career, so that moves are in order.
        place = (turn + dice.uniform("post/when", self.chances)) / _MOST
        move = appointed + (place * _CAREER_DAYS).astype(np.int64) * DAY
        # Too early to have been entered after the employee: then in the year after.
        move = np.maximum(move, appointed + (365 + turn) * DAY)
        return np.where(turn == 0, appointed, move)

    @cached_property
    def entered(self) -> Ints:
        """When it was written down, some days after the move; NEVER for moves that never came
        because the employee left before."""
        dice = self.servants.population.dice
        wait = dice.below("post/entered", self.servant, 8) * DAY + 9 * HOUR
        first = self.servants.entered[self.servant]
        entered = np.where(self.chances % _MOST == 0, first, np.maximum(self.begin + wait, first))
        return np.where(self.begin < self.servants.leaves[self.servant], entered, NEVER)

    @cached_property
    def unit(self) -> Ints:
        """The unit's position: one move in two stays in the first unit."""
        dice = self.servants.population.dice
        stays = dice.chance("post/stays", self.chances, 0.5)
        first = self.chances // _MOST * _MOST
        return dice.choice("post/unit", np.where(stays, first, self.chances), self.units.weights)

    @cached_property
    def rank(self) -> Ints:
        """``STAFF`` … ``HEAD``."""
        return self.servants.population.dice.choice("post/rank", self.chances, _RANKS)

    @cached_property
    def happened(self) -> Ints:
        """Positions of those written down by this morning, numbered as they were."""
        there = np.flatnonzero(self.entered < self.servants.now)
        return there[np.lexsort((self.chances[there], self.entered[there]))]

    @cached_property
    def _next_entered(self) -> Ints:
        """When the same employee's next post is written down; NEVER where there is none."""
        follows = np.append(np.diff(self.servant) == 0, False)
        return np.where(follows, np.append(self.entered[1:], NEVER), NEVER)

    @cached_property
    def has_successor(self) -> Bools:
        """Whether the next post is written down by this morning."""
        moved: Bools = self._next_entered < self.servants.now
        return moved

    @cached_property
    def ended(self) -> Ints:
        """The midnight after its last day, as known this morning; NEVER while it lasts."""
        left = self.servants.left_noted[self.servant] < self.servants.now
        leaves = np.where(left, self.servants.leaves[self.servant], NEVER)
        return np.where(self.has_successor, np.append(self.begin[1:], NEVER), leaves)

    @cached_property
    def updated(self) -> Ints:
        """When the row last changed: at its entry, or when its end was written down."""
        left = self.servants.left_noted[self.servant]
        last = np.where(left < self.servants.now, left, self.entered)
        return np.maximum(self.entered, np.where(self.has_successor, self._next_entered, last))

    @cached_property
    def count(self) -> Ints:
        """How many posts of each employee are written down."""
        return np.bincount(self.servant[self.happened], minlength=len(self.servants.ids))

    @cached_property
    def current(self) -> Ints:
        """The position of each employee's last post that is written down."""
        starts = np.searchsorted(self.servant, self.servants.ids)
        return starts + np.maximum(self.count, 1) - 1
