"""Siap Kerja's vacancies: who seeks whom, for what pay, from when until when."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from demo.days import DAY, NEVER, Stream, day_number, midnight, weekday
from demo.dice import Ints
from demo.job_words import FIRM_FIRST, FIRM_SECOND, MINIMUM_WAGE, SECTORS
from demo.population import Population

OFFICE_HOURS = np.array(
    [0, 0, 0, 0, 0, 0, 1, 3, 9, 12, 12, 10, 6, 9, 11, 9, 5, 2, 1, 1, 1, 1, 0, 0], dtype=float
)
"""When the employment office's site is used: relative weights of the 24 hours."""

_PER_CITIZEN_A_DAY = 0.012 / 548
_FEWEST_A_DAY = 0.3
_WEEK = np.array([1.5, 1.4, 1.3, 1.3, 1.2, 0.2, 0.1])  # Monday first


@dataclass(frozen=True)
class Vacancies:
    """Every vacancy up to the morning of ``today``, by position (id − 1)."""

    population: Population
    today: date

    @cached_property
    def now(self) -> int:
        """The morning's midnight."""
        return midnight(self.today)

    @cached_property
    def stream(self) -> Stream:
        """How many were published on each day."""
        spec = self.population.spec
        days = np.arange(day_number(spec.history_start), day_number(self.today))
        mean = max(spec.citizens * _PER_CITIZEN_A_DAY, _FEWEST_A_DAY) * _WEEK[weekday(days)]
        return Stream.daily(self.population.dice, "vacancy", spec.history_start, self.today, mean)

    @cached_property
    def ids(self) -> Ints:
        """Positions of all vacancies."""
        return np.arange(self.stream.total)

    @cached_property
    def opened(self) -> Ints:
        """When each was published, in order."""
        return self.stream.moments(self.population.dice, "vacancy", OFFICE_HOURS)

    @cached_property
    def closes(self) -> Ints:
        """The end of the last day on which one may apply; NEVER where none was said."""
        days = 13 + self.population.dice.below("vacancy/days", self.ids, 46)
        unsaid = self.population.dice.chance("vacancy/no-end", self.ids, 0.05)
        return np.where(unsaid, NEVER, (self.opened // DAY + days + 1) * DAY)

    @cached_property
    def switched_off(self) -> Ints:
        """When the firm switched it off; NEVER for the one in eight who forgot."""
        forgot = self.population.dice.chance("vacancy/forgot", self.ids, 0.12)
        return np.where(forgot | (self.closes == NEVER), NEVER, self.closes + 9 * 3600)

    @cached_property
    def sector(self) -> Ints:
        """A position in ``SECTORS``."""
        weights = [sector.weight for sector in SECTORS]
        return self.population.dice.choice("vacancy/sector", self.ids, weights)

    @cached_property
    def firm(self) -> Ints:
        """The firm; a few large ones advertise again and again."""
        firms = len(FIRM_FIRST) * len(FIRM_SECOND)
        luck = self.population.dice.uniform("vacancy/firm", self.ids)
        return (luck**2 * firms).astype(np.int64)

    @cached_property
    def openings(self) -> Ints:
        """How many are sought."""
        drawn = self.population.dice.lognormal("vacancy/openings", self.ids, 4.0, 1.0)
        return np.clip(drawn.astype(np.int64), 1, 150)

    @cached_property
    def wage(self) -> Ints:
        """The monthly wage meant, in rupiah, in steps of 50,000."""
        pay = np.array([sector.pay for sector in SECTORS])[self.sector]
        drawn = self.population.dice.lognormal("vacancy/wage", self.ids, pay * MINIMUM_WAGE, 0.18)
        return np.maximum((drawn / 50_000).astype(np.int64), 20) * 50_000

    @cached_property
    def kelurahan(self) -> Ints:
        """Where the work is."""
        weights = self.population.areas.weights
        return self.population.dice.choice("vacancy/kelurahan", self.ids, weights)

    @cached_property
    def updated(self) -> Ints:
        """When the row last changed."""
        return np.where(self.switched_off < self.now, self.switched_off, self.opened)
