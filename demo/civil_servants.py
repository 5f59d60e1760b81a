"""The city's employees: who they are, when they were appointed, when they leave."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.days import DAY, HOUR, NEVER, Stream, day_number, midnight
from demo.dice import Bools, Ints
from demo.neighbours import Neighbours
from demo.population import Population
from demo.spec import HISTORY_DAYS

SHARE_OF_ADULTS = 0.0115
"""Employees when the history starts, as a share of the adults; a few come and go later."""

_FEWEST = 24
_HIRED_SHARE = 0.0007
_OUTSIDE = 0.14
_WEEK_HOURS = np.array([0.0] * 8 + [1.0] * 8 + [0.0] * 8)
_RETIREMENT_YEARS = 58
"""UU 20/2023 art. 55: 58 for most; specialists stay longer."""

PNS, PPPK, HONORER = range(3)
STATUSES = ("PNS", "PPPK", "HONORER")


@dataclass(frozen=True)
class CivilServants:
    """Every employee in SIMPEG on the morning of ``today``, by position (id − 1)."""

    population: Population
    today: date

    @cached_property
    def now(self) -> int:
        """The morning's midnight."""
        return midnight(self.today)

    @cached_property
    def at_start(self) -> int:
        """Employees when the history starts."""
        return max(int(len(self.population.adults) * SHARE_OF_ADULTS), _FEWEST)

    @cached_property
    def _arrivals(self) -> Stream:
        start = self.population.spec.history_start
        mean = max(len(self.population.adults) * _HIRED_SHARE, 1.0) / HISTORY_DAYS
        means = np.full((self.today - start).days, mean)
        return Stream.daily(self.population.dice, "servant", start, self.today, means)

    @cached_property
    def ids(self) -> Ints:
        """Positions of all employees, in the order in which they were entered."""
        return np.arange(self.at_start + self._arrivals.total)

    @cached_property
    def neighbours(self) -> Neighbours:
        """The people outside the city of whom some work in it."""
        adults = len(self.population.adults)
        return Neighbours.of(self.population, max(adults // 50, 400))

    @cached_property
    def is_outside(self) -> Bools:
        """Who lives outside the city."""
        return self.population.dice.chance("servant/outside", self.ids, _OUTSIDE)

    @cached_property
    def people(self) -> Ints:
        """Each one's position: in the city's population, or in the neighbours' for outsiders."""
        inside = self._working_age(self.population)
        outside = self._working_age(self.neighbours)
        nth_inside = np.cumsum(~self.is_outside, dtype=np.int64) - 1
        nth_outside = np.cumsum(self.is_outside, dtype=np.int64) - 1
        return np.where(
            self.is_outside,
            outside[nth_outside % len(outside)],
            inside[nth_inside % len(inside)],
        )

    @cached_property
    def citizen(self) -> Ints:
        """The citizen behind each; −1 for those from outside."""
        return np.where(self.is_outside, -1, self.people)

    @staticmethod
    def _working_age(population: Population) -> Ints:
        start = day_number(population.spec.history_start)
        people = population.shuffled_adults("servant/order")
        years = (start - population.birth_day[people]) / 365.25
        return people[(years >= 20) & (years < _RETIREMENT_YEARS)]

    @cached_property
    def birth_day(self) -> Ints:
        """Day number of birth."""
        days = self.population.birth_day[np.maximum(self.citizen, 0)]
        days[self.is_outside] = self.neighbours.birth_day[self.people[self.is_outside]]
        return days

    @cached_property
    def is_woman(self) -> Bools:
        """True for women."""
        women = self.population.women[np.maximum(self.citizen, 0)]
        women[self.is_outside] = self.neighbours.women[self.people[self.is_outside]]
        return women

    @cached_property
    def status(self) -> Ints:
        """A position in ``STATUSES``; nobody has become an honorer since UU 20/2023 art. 66."""
        drawn = self.population.dice.choice("servant/status", self.ids, (55, 20, 25))
        return np.where((self.ids >= self.at_start) & (drawn == HONORER), PPPK, drawn)

    @cached_property
    def entered(self) -> Ints:
        """When each was entered: those from before the history at its start."""
        hired = self._arrivals.moments(self.population.dice, "servant", _WEEK_HOURS)
        start = midnight(self.population.spec.history_start)
        return np.concatenate([np.full(self.at_start, start - 30 * DAY), hired])

    @cached_property
    def appointed(self) -> Ints:
        """The day number of appointment (TMT), always the first of a month."""
        dice = self.population.dice
        age = np.where(self.status == PNS, 20, 22) * 365.25
        age = age + dice.uniform("servant/appointed", self.ids) * 13 * 365.25
        drawn = self.birth_day + age.astype(np.int64)
        start = day_number(self.population.spec.history_start)
        # PPPK exist since PP 49/2018; the city's came from 2021 on.
        first = np.where(self.status == PPPK, day_number(date(2021, 1, 1)), 0)
        drawn = np.where(drawn < first, first + dice.below("servant/pppk", self.ids, 900), drawn)
        drawn = np.minimum(drawn, start - 40 - dice.below("servant/late", self.ids, 400))
        drawn = np.where(self.ids < self.at_start, drawn, self.entered // DAY)
        return (
            drawn.astype("datetime64[D]")
            .astype("datetime64[M]")
            .astype("datetime64[D]")
            .astype(np.int64)
        )

    @cached_property
    def leaves(self) -> Ints:
        """When each stops working, a midnight: retirement, sometimes earlier. NEVER for honorer
        under retirement age who simply stay."""
        dice = self.population.dice
        birth = self.birth_day + int(_RETIREMENT_YEARS * 365.25)
        month = birth.astype("datetime64[D]").astype("datetime64[M]") + 1
        retires = month.astype("datetime64[D]").astype(np.int64) * DAY
        start = midnight(self.population.spec.history_start)
        early = start + dice.below("servant/early", self.ids, 40 * 365) * DAY
        gives_up = dice.chance("servant/gives-up", self.ids, 0.3)
        leaves = np.where(gives_up, np.minimum(early, retires), retires)
        return np.where(leaves > self.entered + 60 * DAY, leaves, NEVER)

    @cached_property
    def left_noted(self) -> Ints:
        """When the personnel office noted it: some days later."""
        wait = self.population.dice.below("servant/left-noted", self.ids, 20) * DAY + 10 * HOUR
        return np.where(self.leaves < NEVER, self.leaves + wait, NEVER)

    @cached_property
    def nip(self) -> Ints:
        """Employee numbers of 18 digits: birth date, year and month of appointment, sex (1 man,
        2 woman), and a serial within those (Perka BKN 22/2007). A PPPK has 21 in the place of the
        month. Unique; 0 for honorer, who have none.

        The serial counts in the order of entry: a number never changes when others come.
        """
        appointed = self.appointed.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        month = np.where(self.status == PPPK, 21, appointed % 12 + 1)
        prefix = _yyyymmdd(self.birth_day) * 1_000_000 + (appointed // 12 + 1970) * 100 + month
        prefix = prefix * 10 + 1 + self.is_woman
        order = np.argsort(prefix, kind="stable")
        first = np.flatnonzero(np.diff(prefix[order], prepend=-1))
        size = np.diff(np.append(first, len(order)))
        serial = np.empty_like(prefix)
        serial[order] = np.arange(len(order)) - np.repeat(first, size) + 1
        return np.where(self.status == HONORER, 0, prefix * 1000 + serial)

    def nip_text(self, at: Ints) -> pa.Array:
        """Employee numbers as text; null for honorer."""
        text = pa.array(self.nip[at]).cast(pa.string())
        return pc.if_else(pa.array(self.status[at] == HONORER), pa.scalar(None, pa.string()), text)


def _yyyymmdd(days: Ints) -> Ints:
    day = days.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    months = month.astype(np.int64)
    number: Ints = (months // 12 + 1970) * 10_000 + (months % 12 + 1) * 100
    number += (day - month).astype(np.int64) + 1
    return number
