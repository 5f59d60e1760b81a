"""Who is who in a household: heads, wives, children, parents; sexes and birth dates."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np

from demo.dice import Bools, Dice, Ints

_AGE_BANDS = (8, 11, 12, 12, 11, 10, 9, 8, 6, 4, 3, 2)  # heads: per cent in five years from 20
_MARRIED_SHARE = 0.88
_WOMEN_HEADS = 0.45  # of heads who live without husband or wife
_YEAR = 365.25


class Role(IntEnum):
    """What a member is to the head (SHDK, Permendagri 109/2019)."""

    HEAD = 0
    SPOUSE = 1
    CHILD = 2
    PARENT = 3
    RELATIVE = 4


@dataclass(frozen=True)
class Families:
    """Arrays by citizen, of households that are numbered from 0 and stand one after the other."""

    dice: Dice
    household: Ints
    opened: int
    """The opening day: all are born before it."""

    @cached_property
    def _citizens(self) -> Ints:
        return np.arange(len(self.household))

    @cached_property
    def head(self) -> Ints:
        """The position of the head of each citizen's family: its first member."""
        starts = np.flatnonzero(np.diff(self.household, prepend=-1))
        return starts[self.household]

    @cached_property
    def role(self) -> Ints:
        """Values of ``Role``. A husband or wife comes second, an old parent last."""
        rank = self._citizens - self.head
        is_last = np.diff(self.household, append=-1) != 0
        married = self.dice.chance("family/married", self.household, _MARRIED_SHARE)
        role = np.where(rank == 0, Role.HEAD, Role.CHILD)
        role = np.where((rank == 1) & married, Role.SPOUSE, role)
        extra = self.dice.uniform("family/extra", self._citizens)
        role = np.where((rank >= 2) & (extra > 0.97), Role.RELATIVE, role)
        return np.where((rank >= 2) & is_last & (extra < 0.1), Role.PARENT, role)

    @cached_property
    def spouse(self) -> Ints:
        """The position of each citizen's husband or wife, -1 for none."""
        wives = np.flatnonzero(self.role == Role.SPOUSE)
        spouse = np.full(len(self.household), -1)
        spouse[wives], spouse[wives - 1] = wives - 1, wives
        return spouse

    @cached_property
    def women(self) -> Bools:
        """True for women. Of a couple the husband is the head, as the register has it."""
        women = self.dice.chance("person/sex", self._citizens, 0.497)
        alone = self.dice.chance("family/woman-head", self.head, _WOMEN_HEADS)
        women = np.where(self.role == Role.HEAD, alone & (self.spouse < 0), women)
        return np.where(self.role == Role.SPOUSE, True, women)

    @cached_property
    def mother(self) -> Ints:
        """The position of the mother (or the only parent) of each child at home, -1 for others."""
        parent = np.where(self.spouse[self.head] >= 0, self.spouse[self.head], self.head)
        return np.where(self.role == Role.CHILD, parent, -1)

    @cached_property
    def is_twin(self) -> Bools:
        """The younger of twins: born the day the citizen at the position before was."""
        drawn = self.dice.chance("family/twin", self._citizens, 0.012)
        child: Bools = self.role == Role.CHILD
        beside: Bools = np.append(False, child[:-1] & ~drawn[:-1])
        return drawn & child & beside

    @cached_property
    def birth_day(self) -> Ints:
        """Day number of birth. Heads are 22 or older, mothers 18 to 42 years older than a child."""
        dice, citizens, role = self.dice, self._citizens, self.role
        years = 20 + 5 * dice.choice("person/age", citizens, _AGE_BANDS)
        years += dice.below("person/age/year", citizens, 5)
        days = dice.below("person/birthday", citizens, 365)
        head = (np.maximum(years, 22) * _YEAR).astype(np.int64) + days

        def beside(label: str, low: float, high: float) -> Ints:
            gap = (low + (high - low) * dice.uniform(label, citizens)) * _YEAR
            return head[self.head] + gap.astype(np.int64)

        age = np.where(role == Role.HEAD, head, beside("family/parent", 20, 36))
        age = np.where(role == Role.SPOUSE, beside("family/spouse", -8, 4), age)
        age = np.where(role == Role.RELATIVE, beside("family/relative", -18, 2), age)
        age = np.where(role == Role.SPOUSE, np.maximum(age, int(20 * _YEAR) + days), age)
        age = np.where(role == Role.PARENT, np.minimum(age, int(92 * _YEAR) + days), age)
        mother = age[self.mother] / _YEAR
        latest = np.minimum(mother, 42)
        born_at = 18 + (latest - 18) * dice.uniform("family/birth", citizens)
        child = ((mother - born_at) * _YEAR).astype(np.int64)
        age = np.where(role == Role.CHILD, child, age)
        age = np.where(self.is_twin, np.roll(age, 1), age)
        return self.opened - 1 - np.maximum(age, 0)
