"""Siap Kerja's job seekers: who registered when, some of them twice."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from demo.days import DAY, HOUR, Stream, day_number, midnight, weekday
from demo.dice import Bools, Ints
from demo.job_vacancies import OFFICE_HOURS
from demo.population import Population
from demo.spec import HISTORY_DAYS

SHARE_OF_ADULTS = 0.04
"""Registrations in the eighteen months of history, as a share of the adults."""

_OLDEST_YEARS = 55
_TWICE = 0.05
_WEEK = np.array([1.5, 1.4, 1.3, 1.2, 1.1, 0.3, 0.2])  # Monday first
_CARD_DAYS = 180
"""A job seeker's card (AK/1) lapses unless one reports every six months."""


@dataclass(frozen=True)
class Seekers:
    """Every registration up to the morning of ``today``, by position (id − 1)."""

    population: Population
    today: date

    @cached_property
    def now(self) -> int:
        """The morning's midnight."""
        return midnight(self.today)

    @cached_property
    def stream(self) -> Stream:
        """How many registered on each day."""
        spec = self.population.spec
        days = np.arange(day_number(spec.history_start), day_number(self.today))
        mean = len(self.population.adults) * SHARE_OF_ADULTS / HISTORY_DAYS * _WEEK[weekday(days)]
        return Stream.daily(self.population.dice, "seeker", spec.history_start, self.today, mean)

    @cached_property
    def ids(self) -> Ints:
        """Positions of all registrations."""
        return np.arange(self.stream.total)

    @cached_property
    def registered(self) -> Ints:
        """When each registered, in order."""
        return self.stream.moments(self.population.dice, "seeker", OFFICE_HOURS)

    @cached_property
    def is_first(self) -> Bools:
        """Whether the person was not registered before."""
        again = self.population.dice.chance("seeker/again", self.ids, _TWICE)
        first: Bools = ~again | (self.ids == 0)
        return first

    @cached_property
    def person(self) -> Ints:
        """The citizen behind each registration."""
        known = np.cumsum(self.is_first, dtype=np.int64)
        nth = self.population.dice.below("seeker/which", self.ids, known)
        nth = np.where(self.is_first, known - 1, nth)
        adults = self.population.shuffled_adults("seeker/order")
        oldest = day_number(self.population.spec.opened) - int(_OLDEST_YEARS * 365.25)
        willing = adults[self.population.birth_day[adults] > oldest]
        return willing[nth % len(willing)]

    @cached_property
    def lapsed(self) -> Ints:
        """When the card lapses if no work was found."""
        days = self.population.dice.choice("seeker/reports", self.ids, (6, 2, 1, 1)) + 1
        return (self.registered // DAY + days * _CARD_DAYS) * DAY + HOUR
