"""Births and deaths, the day they happen and the day the register hears of them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from demo.days import Stream, day_number
from demo.dice import Bools, Ints
from demo.moves import OUTSIDE, Home, Moves
from demo.names import full_names
from demo.population import Population

_BIRTHS_A_YEAR = 0.014  # a citizen
_DEATHS_BEFORE_DAYS = 180
"""Deaths are known from that many days before the opening on: older ones are in the archive."""
_NEVER_REPORTED = 0.12


@dataclass(frozen=True)
class Deaths:
    """Arrays by citizen."""

    population: Population

    @cached_property
    def day(self) -> Ints:
        """The day of each death, most far ahead. The older, the sooner."""
        opened = day_number(self.population.spec.opened)
        age = (opened - self.population.birth_day) / 365.25
        rate = 0.0006 + 0.09 * np.exp((age - 85) / 11)
        wait = -np.log1p(-self.population.dice.uniform("death/day", self.population.citizens))
        first = np.maximum(opened - _DEATHS_BEFORE_DAYS, self.population.birth_day)
        days: Ints = first + np.minimum(wait / rate * 365, 100_000).astype(np.int64)
        return days

    @cached_property
    def registered(self) -> Ints:
        """The day the register hears of it: a week or two later, of a few never."""
        citizens, dice = self.population.citizens, self.population.dice
        later = self.day + 1 + dice.lognormal("death/later", citizens, 9, 1.0).astype(np.int64)
        never = dice.chance("death/never", citizens, _NEVER_REPORTED)
        return np.where(never, 2**30, later)


def known_since(population: Population) -> Ints:
    """The day the register has heard of the birth of each citizen."""
    return population.birth_day + _days_to_register(population, population.citizens)


def _days_to_register(population: Population, ids: Ints) -> Ints:
    """From a birth to its entry: within 60 days by law (UU 23/2006 art. 27), or so."""
    days: Ints = 1 + population.dice.lognormal("birth/later", ids, 12, 0.9).astype(np.int64)
    return days


@dataclass(frozen=True)
class Births:
    """Children born since the opening, numbered from 0; they are in no other app."""

    moves: Moves
    until: int
    """Born before that day (a day number)."""

    @cached_property
    def _population(self) -> Population:
        return self.moves.population

    @cached_property
    def _stream(self) -> Stream:
        spec = self._population.spec
        opened = day_number(spec.opened)
        days = np.arange(opened, max(self.until, opened))
        dice = self._population.dice
        counts = np.floor(
            spec.citizens * _BIRTHS_A_YEAR / 365 + dice.uniform("birth/count", days)
        ).astype(np.int64)
        return Stream(opened, counts)

    @cached_property
    def ids(self) -> Ints:
        """What chance and names know them by: numbers after all citizens'."""
        return self._population.spec.citizens + np.arange(self._stream.total)

    @cached_property
    def day(self) -> Ints:
        """The day of birth."""
        return self._stream.first_day + self._stream.day

    @cached_property
    def registered(self) -> Ints:
        """The day the register hears of each."""
        return self.day + _days_to_register(self._population, self.ids)

    @cached_property
    def mother(self) -> Ints:
        """Positions of the mothers: wives between 19 and 42 at the opening."""
        population = self._population
        age = (day_number(population.spec.opened) - population.birth_day) / 365.25
        wives = np.flatnonzero(
            population.women & (population.spouse >= 0) & (age > 19) & (age < 42)
        )
        return wives[population.dice.below("birth/mother", self.ids, len(wives))]

    @cached_property
    def is_here(self) -> Bools:
        """Whether the mother lived, and in the city: others' children are not this register's."""
        house = self._population.household[self.mother]
        left = self.moves.kelurahan[Home.LATER, house] == OUTSIDE
        left &= self.moves.later_day[house] < self.day
        here: Bools = ~left & (Deaths(self._population).day[self.mother] >= self.day)
        return here

    def known(self, day: int) -> Ints:
        """Positions of those the register has on the morning of a day."""
        return np.flatnonzero(self.is_here & (self.registered < day))

    @cached_property
    def is_girl(self) -> Bools:
        """True for girls."""
        return self._population.dice.chance("person/sex", self.ids, 0.49)

    @cached_property
    def nik(self) -> Ints:
        """Identity numbers: nobody else in the city was born that day of a century's year."""
        areas = self._population.areas
        codes = np.array([int(code.replace(".", "")) for code in areas.kecamatan_codes])
        moves, house = self.moves, self._population.household[self.mother]
        later = (moves.later_day[house] < self.day) & (
            moves.kelurahan[Home.LATER, house] != OUTSIDE
        )
        home = moves.kelurahan[np.where(later, Home.LATER, Home.OPENING), house]
        born = self.day.astype("datetime64[D]")
        month = born.astype("datetime64[M]").astype(np.int64)
        day = (born - born.astype("datetime64[M]")).astype(np.int64) + 1 + 40 * self.is_girl
        date = day * 10_000 + (month % 12 + 1) * 100 + (month // 12 + 1970) % 100
        nik: Ints = (codes[areas.kecamatan_of[home]] * 10**6 + date) * 10**4 + 1 + self._stream.rank
        return nik

    def names(self, born: Ints) -> pa.Array:
        """Names of those at these positions."""
        return full_names(self._population.dice, self.ids[born], self.is_girl[born])
