"""Where people live through time: households that moved, came from elsewhere, or left the city.

``population.kelurahan`` is the home at the opening. A household moves at most once before that (in
the history) and once after it, so its homes are: EARLIER, OPENING, LATER.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np

from demo.days import NEVER, day_number
from demo.dice import Bools, Ints
from demo.population import Population
from demo.spec import HISTORY_DAYS

OUTSIDE = -1
"""In place of a kelurahan: outside the city."""

_MOVED_BEFORE = 0.12  # of all households, within the history
_CAME_FROM_OUTSIDE = 0.35  # of those
_MOVES_A_DAY = 0.08 / 365
_LEAVE_THE_CITY = 0.25
_KEPT_OLD_CARD = 0.08  # of those who moved within the city
_CARD_YEARS = 15


class Home(IntEnum):
    """The homes of a household in order of time."""

    EARLIER = 0
    OPENING = 1
    LATER = 2


@dataclass(frozen=True)
class Moves:
    """Arrays by household, unless said otherwise."""

    population: Population

    @cached_property
    def households(self) -> Ints:
        """All of them, from 0."""
        return np.arange(int(self.population.household[-1]) + 1)

    @cached_property
    def first_member(self) -> Ints:
        """The position of each head."""
        return np.flatnonzero(np.diff(self.population.household, prepend=-1))

    @cached_property
    def _opened(self) -> int:
        return day_number(self.population.spec.opened)

    @cached_property
    def earlier_day(self) -> Ints:
        """The day of the move to the home at the opening; ``NEVER`` without one."""
        dice, homes = self.population.dice, self.households
        moved = dice.chance("move/earlier", homes, _MOVED_BEFORE)
        start = self._opened - HISTORY_DAYS
        return np.where(moved, start + dice.below("move/earlier/day", homes, HISTORY_DAYS), NEVER)

    @cached_property
    def later_day(self) -> Ints:
        """The day of the next move after the opening; some lie far ahead."""
        wait = -np.log1p(-self.population.dice.uniform("move/later", self.households))
        later: Ints = self._opened + (wait / _MOVES_A_DAY).astype(np.int64)
        return later

    @cached_property
    def kelurahan(self) -> Ints:
        """The kelurahan of the three homes, a row each (``Home``); ``OUTSIDE`` where it is none."""
        dice, homes = self.population.dice, self.households
        here = self.population.kelurahan[self.first_member]
        came = dice.chance("move/earlier/outside", homes, _CAME_FROM_OUTSIDE)
        left = dice.chance("move/later/outside", homes, _LEAVE_THE_CITY)
        earlier = dice.choice("move/earlier/from", homes, self.population.areas.weights)
        later = dice.choice("move/later/to", homes, self.population.areas.weights)
        earlier = np.where(self.earlier_day == NEVER, here, np.where(came, OUTSIDE, earlier))
        return np.stack([earlier, here, np.where(left, OUTSIDE, later)])

    def home(self, day: int) -> Ints:
        """Which of its homes each household has on the morning of a day (a day number); a move
        counts from the next morning on."""
        early = (self.earlier_day != NEVER) & (self.earlier_day >= day)
        return np.where(
            early, Home.EARLIER, np.where(self.later_day < day, Home.LATER, Home.OPENING)
        )

    def residence(self, day: int) -> Ints:
        """The kelurahan of each *citizen* on the morning of a day; ``OUTSIDE`` outside the city."""
        kelurahan: Ints = self.kelurahan[self.home(day), self.households]
        return kelurahan[self.population.household]

    def home_ids(self, households: Ints, home: Ints) -> Ints:
        """What ``population.streets`` and ``neighbourhoods`` know a home by."""
        offset = np.array([2**40, 0, 2**41])
        ids: Ints = households + offset[home]
        return ids

    @cached_property
    def kept_old_card(self) -> Bools:
        """Whether a household that moved within the city stays listed with its old family card too,
        since nobody cancelled it: a row for the move before the opening, one for that after it."""
        dice, homes = self.population.dice, self.households
        inside = self.kelurahan != OUTSIDE
        share = min(1.0, _KEPT_OLD_CARD * self.population.spec.dirtiness)
        first = dice.chance("move/earlier/old-card", homes, share) & (self.earlier_day != NEVER)
        second = dice.chance("move/later/old-card", homes, share)
        kept: Bools = np.stack([first, second]) & inside[:2] & inside[1:]
        return kept

    @cached_property
    def card_day(self) -> Ints:
        """When the family card of each home was issued, a row a home."""
        dice, homes = self.population.dice, self.households
        head_born = self.population.birth_day[self.first_member]
        grown = np.minimum(self._opened - 30, head_born + int(21 * 365.25))
        past = self._opened - HISTORY_DAYS - dice.below("card/day", homes, _CARD_YEARS * 365)
        past = np.maximum(past, np.minimum(grown, self._opened - HISTORY_DAYS))
        moved = self.earlier_day != NEVER
        return np.stack([past, np.where(moved, self.earlier_day, past), self.later_day])

    @cached_property
    def card(self) -> Ints:
        """Numbers of the family cards (KK), a row a home: kecamatan, date of issue, serial, 16
        digits. Unique; equal for two homes only where there was no move between them. 0 outside."""
        areas = self.population.areas
        codes = np.array([int(code.replace(".", "")) for code in areas.kecamatan_codes])
        kelurahan = self.kelurahan.ravel()
        day = np.minimum(self.card_day.ravel(), 2**20).astype("datetime64[D]")
        month = day.astype("datetime64[M]")
        of_month = (day - month).astype(np.int64) + 1
        months = month.astype(np.int64)
        date = of_month * 10_000 + (months % 12 + 1) * 100 + (months // 12 + 1970) % 100
        prefix = codes[areas.kecamatan_of[kelurahan]] * 1_000_000 + date
        order = np.argsort(prefix, kind="stable")
        ordered = prefix[order]
        first = np.flatnonzero(np.diff(ordered, prepend=-1))
        size = np.diff(np.append(first, len(ordered)))
        serial = np.empty_like(prefix)
        serial[order] = np.arange(len(ordered)) - np.repeat(first, size) + 1
        card = np.where(kelurahan == OUTSIDE, 0, prefix * 10_000 + serial).reshape(3, -1)
        card[Home.EARLIER] = np.where(
            self.earlier_day == NEVER, card[Home.OPENING], card[Home.EARLIER]
        )
        return card
