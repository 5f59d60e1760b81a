"""The city's budgets in figures: what each line may spend, and what it spent in each month."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from demo.budget_plan import OFFICES, RUPIAH_A_CITIZEN, Office, Programme
from demo.dice import Dice, Floats, Ints
from demo.spec import CitySpec

SENT_ON = 5
"""The day of the month on which figures up to the month before are sent."""

REVISION_MONTH = 9
"""From the figures of September on, the workbook has the revised budget (APBD Perubahan)."""

_SHIFTED_BY_REVISION = 0.35
"""The share of lines that the revision gives more or less."""


@dataclass(frozen=True)
class Line:
    """A coded row of an office's sheet. Sub-activities ``first`` up to, not with, ``end`` of the
    office are in it; for one that is not divided further, these are one."""

    code: str
    name: str
    first: int
    end: int
    is_leaf: bool


@dataclass(frozen=True)
class Leaf:
    """A line that is not divided further: its programme, and its share of that."""

    programme: Programme
    weight: float


@lru_cache(maxsize=1)
def office_lines() -> list[tuple[list[Line], list[Leaf]]]:
    """For each office its coded rows from top to bottom, and its undivided lines."""
    return [_lines_of(office) for office in OFFICES]


def _lines_of(office: Office) -> tuple[list[Line], list[Leaf]]:
    leaves: list[Leaf] = []
    lines: list[Line] = []
    for programme in office.programmes:
        code = f"{office.field}.{programme.code}"
        count = sum(max(len(subs), 1) for _, subs in programme.activities)
        of_programme: list[Line] = []
        start = len(leaves)
        for number, (name, subs) in enumerate(programme.activities, start=1):
            first = len(leaves)
            leaves += [Leaf(programme, _weight(each) / count) for each in subs or (name,)]
            activity = f"{code}.2.{number:02d}"
            of_programme.append(Line(activity, name, first, len(leaves), not subs))
            of_programme += [
                Line(f"{activity}.{place:04d}", sub, first + place - 1, first + place, True)
                for place, sub in enumerate(subs, start=1)
            ]
        lines += [Line(code, programme.name, start, len(leaves), False), *of_programme]
    field = Line(office.field, "URUSAN PEMERINTAHAN", 0, len(leaves), False)
    whole = Line(_office_code(office), office.name, 0, len(leaves), False)
    return [whole, field, *lines], leaves


def _weight(name: str) -> float:
    """Salaries are by far the largest item of what every department needs."""
    return 20.0 if "Gaji" in name else 1.0


def _office_code(office: Office) -> str:
    """The department's own code: up to three fields of government, and its number in the first."""
    same_field = [each for each in OFFICES if each.field == office.field]
    return f"{office.field}.0.00.0.00.{same_field.index(office) + 1:02d}.0000"


@dataclass(frozen=True)
class Figures:
    """One office's lines in one year's workbook, aligned with its ``Line`` rows, in rupiah."""

    budget: Ints
    spent: Ints
    """Lines × months that have figures."""


@dataclass(frozen=True)
class Budgets:
    """All budgets as last sent before this morning."""

    spec: CitySpec
    today: date

    @property
    def dice(self) -> Dice:
        """The chance of this city."""
        return Dice(self.spec.seed)

    @property
    def sent(self) -> date:
        """The day on which workbooks were last sent."""
        return _last_sent(self.today)

    @property
    def years(self) -> range:
        """Years with a workbook: from the year before the opening's on."""
        return range(_last_sent(self.spec.opened).year - 1, self.sent.year + 1)

    def months(self, year: int) -> int:
        """How many months of the year have figures: none in the first workbook of a year."""
        return 12 if year < self.sent.year else self.sent.month - 1

    def sent_of(self, year: int) -> date:
        """When the year's workbook was last sent; its last one comes in January."""
        return min(self.sent, date(year + 1, 1, SENT_ON))

    def is_revised(self, year: int) -> bool:
        """Whether the workbook has the revised budget."""
        return self.months(year) >= REVISION_MONTH

    def figures(self, year: int, office: int) -> Figures:
        """The figures of ``OFFICES[office]``; a line holds the sum of what it is divided into."""
        lines, leaves = office_lines()[office]
        ids = (year * 1000 + office) * 1000 + np.arange(len(leaves))
        final, first = self._budgets(year, office, leaves, ids)
        spent = self._spent(office, leaves, ids, final)[:, : self.months(year)]
        budget = final if self.is_revised(year) else first
        ranges = [(line.first, line.end) for line in lines]
        return Figures(
            np.array([budget[start:end].sum() for start, end in ranges]),
            np.array([spent[start:end].sum(axis=0) for start, end in ranges]),
        )

    def _budgets(self, year: int, office: int, leaves: list[Leaf], ids: Ints) -> tuple[Ints, Ints]:
        """The revised and the first budget of each undivided line, in whole thousands."""
        growth = 1.04 ** (year - self.spec.opened.year)
        total = RUPIAH_A_CITIZEN * self.spec.citizens * growth
        share = OFFICES[office].weight / sum(each.weight for each in OFFICES)
        weights = np.array([leaf.programme.weight * leaf.weight for leaf in leaves])
        # A line keeps its size over the years, give or take.
        lasting = self.dice.lognormal("budget/line", ids % 1_000_000, 1.0, 0.6)
        weights = weights * lasting * self.dice.lognormal("budget/year", ids, 1.0, 0.08)
        first = np.round(total * share * weights / weights.sum() / 1000).astype(np.int64) * 1000
        shift = 0.85 + 0.35 * self.dice.uniform("budget/revision", ids)
        shift = np.where(
            self.dice.chance("budget/revision?", ids, _SHIFTED_BY_REVISION), shift, 1.0
        )
        revised = np.round(first * shift / 1000).astype(np.int64) * 1000
        return revised, first

    def _spent(self, office: int, leaves: list[Leaf], ids: Ints, budget: Ints) -> Ints:
        """What each undivided line spends in each of the twelve months."""
        rhythm = np.array([leaf.programme.rhythm for leaf in leaves], dtype=np.float64)
        draws = ids[:, None] * 12 + np.arange(12)
        rhythm *= 0.8 + 0.4 * self.dice.uniform("budget/month", draws)
        pace: Floats = OFFICES[office].pace - 0.1 * self.dice.uniform("budget/pace", ids)
        until = np.cumsum(rhythm, axis=1) / rhythm.sum(axis=1, keepdims=True)
        spent = np.floor(budget[:, None] * pace[:, None] * until).astype(np.int64)
        monthly: Ints = np.diff(spent, axis=1, prepend=0)
        return monthly


def _last_sent(today: date) -> date:
    """The newest fifth of a month before this morning."""
    if today.day > SENT_ON:
        return today.replace(day=SENT_ON)
    if today.month == 1:
        return date(today.year - 1, 12, SENT_ON)
    return date(today.year, today.month - 1, SENT_ON)
