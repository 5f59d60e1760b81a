"""LAKSA's accounts: who signed up when, and whose phone number changed."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from demo.days import DAY, Stream, midnight
from demo.dice import Ints
from demo.population import Population
from demo.spec import HISTORY_DAYS

WAKING_HOURS = np.array(
    [1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 9, 7, 7, 7, 7, 7, 6, 6, 7, 6, 5, 3, 2], dtype=float
)
"""When people use their phones: relative weights of the 24 hours."""

USERS_AT_START = 0.12  # accounts per citizen when the history starts
_NEW_USERS_A_DAY = 0.08 / HISTORY_DAYS
_PHONE_CHANGES_A_DAY = 0.0001


@dataclass(frozen=True)
class Users:
    """LAKSA's accounts by position (id − 1)."""

    population: Population
    today: date

    @cached_property
    def _arrivals(self) -> Stream:
        start = self.population.spec.history_start
        days = (self.today - start).days
        mean = np.full(days, self.population.spec.citizens * _NEW_USERS_A_DAY)
        return Stream.daily(self.population.dice, "user", start, self.today, mean)

    @cached_property
    def at_start(self) -> int:
        """Accounts older than the history."""
        return int(self.population.spec.citizens * USERS_AT_START)

    @cached_property
    def person(self) -> Ints:
        """The citizen behind each account; one account a citizen, for one signs in by NIK."""
        adults = self.population.shuffled_adults("user/order")
        return adults[: self.at_start + self._arrivals.total]

    @cached_property
    def created(self) -> Ints:
        """When each account was made."""
        old = np.arange(self.at_start)
        age = self.population.dice.uniform("user/age", old)
        before = midnight(self.population.spec.history_start) - (age * 900 * DAY).astype(np.int64)
        new = self._arrivals.moments(self.population.dice, "user", WAKING_HOURS)
        return np.concatenate([np.sort(before), new])[: len(self.person)]

    def registered_by(self, days: Ints) -> Ints:
        """How many accounts existed at the start of each day (day offsets in the history)."""
        return np.minimum(self.at_start + self._arrivals.starts[days], len(self.person))

    @cached_property
    def phone_changes(self) -> tuple[Ints, Ints]:
        """For each account: how often its phone changed, and when last (−1 for never)."""
        start = self.population.spec.history_start
        dice = self.population.dice
        mean = np.full(
            (self.today - start).days,
            max(1.0, self.population.spec.citizens * _PHONE_CHANGES_A_DAY),
        )
        changes = Stream.daily(dice, "user/phone", start, self.today, mean)
        ids = np.arange(changes.total)
        user = dice.below("user/phone/who", ids, self.registered_by(changes.day))
        moment = changes.moments(dice, "user/phone", WAKING_HOURS)
        last = np.full(len(self.person), -1)
        last[user] = moment  # later events come later in the array and win
        return np.bincount(user, minlength=len(self.person)), last
