"""How many of each unit's people were there in a month: counts, nothing about anybody."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from demo.civil_posts import Posts
from demo.days import DAY, HOUR, day_number
from demo.dice import Ints

_REPORT_DAY = 4
"""A month's counts come on the fifth day of the next one."""

_UNITS_A_MONTH = 10_000


@dataclass(frozen=True)
class Attendance:
    """One row a unit and month, of those reported by this morning.

    Months are numbered from January 1970.
    """

    posts: Posts

    @cached_property
    def _months(self) -> Ints:
        """Months from the history's first full one that are reported by now."""
        servants = self.posts.servants
        start = np.array(day_number(servants.population.spec.history_start)).astype("datetime64[D]")
        first = int(start.astype("datetime64[M]").astype(np.int64)) + 1
        last = int(
            (np.array(servants.now // DAY).astype("datetime64[D]"))
            .astype("datetime64[M]")
            .astype(np.int64)
        )
        months = np.arange(first, last)
        return months[_reported(months) < servants.now]

    @cached_property
    def _rows(self) -> tuple[Ints, Ints, Ints]:
        """Unit, month and headcount of each row."""
        posts = self.posts
        ends = np.append(posts.begin[1:], 2**53)
        ends = np.where(np.append(np.diff(posts.servant) == 0, False), ends, 2**53)
        ends = np.minimum(ends, posts.servants.leaves[posts.servant])
        found = []
        for month in self._months.tolist():
            last_day = _first_day(np.array(month + 1)) * DAY - DAY
            known = posts.entered < _reported(np.array(month))
            there = known & (posts.begin <= last_day) & (ends > last_day)
            people = np.bincount(posts.unit[there], minlength=len(posts.units.units))
            units = np.flatnonzero(people)
            found.append(np.stack([units, np.full(len(units), month), people[units]]))
        rows = np.concatenate(found, axis=1) if found else np.zeros((3, 0), dtype=np.int64)
        return rows[0], rows[1], rows[2]

    @property
    def unit(self) -> Ints:
        """The unit's position."""
        return self._rows[0]

    @property
    def month(self) -> Ints:
        """The month, from January 1970."""
        return self._rows[1]

    @property
    def people(self) -> Ints:
        """How many belonged to the unit on the month's last day."""
        return self._rows[2]

    @cached_property
    def ids(self) -> Ints:
        """Keys: the same unit and month have the same one on every day."""
        return (self.month - 600) * _UNITS_A_MONTH + self.unit + 1

    @cached_property
    def working_days(self) -> Ints:
        """Monday to Friday of each month, as the machine at the door counts them."""
        first = _first_day(self.month).astype("datetime64[D]")
        after = _first_day(self.month + 1).astype("datetime64[D]")
        return np.busday_count(first, after).astype(np.int64)

    @cached_property
    def absences(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Person-days of leave to go, sickness, holidays, and without a word; whatever is left of
        the month's person-days, they were there."""
        dice = self.posts.servants.population.dice
        due = (self.people * self.working_days).astype(np.float64)

        def days(label: str, share: float) -> Ints:
            drawn = dice.lognormal(f"attendance/{label}", self.ids, share * due, 0.5)
            days: Ints = np.minimum(np.round(drawn), due // 5).astype(np.int64)
            return days

        return (
            days("permit", 0.008),
            days("sick", 0.02),
            days("holiday", 0.045),
            days("none", 0.006),
        )

    @cached_property
    def corrected(self) -> Ints:
        """When the sick were counted again: one report in twenty, about a week later. −1: never."""
        dice = self.posts.servants.population.dice
        wait = (3 + dice.below("attendance/correction", self.ids, 10)) * DAY
        corrects = dice.chance("attendance/corrects", self.ids, 0.05)
        moment = np.where(corrects, _reported(self.month) + wait, -1)
        return np.where(moment < self.posts.servants.now, moment, -1)

    @cached_property
    def updated(self) -> Ints:
        """When each row last changed."""
        return np.maximum(_reported(self.month), self.corrected)


def _first_day(months: Ints) -> Ints:
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _reported(months: Ints) -> Ints:
    return (_first_day(months + 1) + _REPORT_DAY) * DAY + 9 * HOUR
