"""Property tax: a bill a year for every object, and what was paid on it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from demo.days import day_number
from demo.dice import Bools, Dice, Floats, Ints
from demo.pbb_objects import TaxObjects, billing_day, last_billed_year

YEARS_BEFORE = 2
"""Bills of so many years before the newest are kept at the opening."""

UNTAXED = 12_000_000
"""Rupiah of value that is free of tax (NJOPTKP); UU 1/2022 art. 40 asks for 10 million or more."""

_RATE, _HIGH_RATE, _HIGH_VALUE = 0.001, 0.002, 1_000_000_000
_FINE_A_MONTH, _MOST_MONTHS = 0.01, 24  # PP 35/2023 on late payment of a tax that was assessed

_FAITHFUL = 0.78  # of the objects; their bills are paid nearly always, the others' half the time
_PAYS, _PAYS_ELSE = 0.94, 0.52
_LATE = 0.13  # of the bills that are paid
_TWICE, _PARTLY, _ABOVE = 0.006, 0.012, 0.008

PARTLY, ABOVE = 1, 2


def due_day(tax_year: int) -> date:
    """The last day to pay a year's bill without a fine."""
    return date(tax_year, 8, 31)


@dataclass(frozen=True)
class TaxBills:
    """Every bill printed so far, by position: year by year, and in it object by object."""

    objects: TaxObjects

    @property
    def dice(self) -> Dice:
        """The chance of this city."""
        return self.objects.dice

    @cached_property
    def years(self) -> range:
        """Tax years with bills."""
        first = last_billed_year(self.objects.population.spec.opened) - YEARS_BEFORE
        return range(first, last_billed_year(self.objects.today) + 1)

    @cached_property
    def _by_year(self) -> list[Ints]:
        found = []
        for tax_year in self.years:
            new_year = day_number(date(tax_year, 1, 1))
            there = (self.objects.recorded < new_year) & (self.objects.merged >= new_year)
            found.append(np.flatnonzero(there))
        return found

    @cached_property
    def object(self) -> Ints:
        """The position of the object each is for."""
        return np.concatenate(self._by_year)

    @cached_property
    def tax_year(self) -> Ints:
        """The year each is for."""
        return np.repeat(np.array(self.years), [len(found) for found in self._by_year])

    @cached_property
    def ids(self) -> Ints:
        """Numbers of the bills, the same on every day."""
        return self.objects.ids[self.object] * 64 + self.tax_year - 2000

    @cached_property
    def value(self) -> Ints:
        """NJOP of land and building in rupiah, as billed."""
        values = [
            (self.objects.land_value(tax_year) + self.objects.building_value(tax_year))[found]
            for tax_year, found in zip(self.years, self._by_year, strict=True)
        ]
        return np.concatenate(values)

    @cached_property
    def amount(self) -> Ints:
        """The tax in rupiah; at least 10,000, as small bills cost more to print."""
        rate = np.where(self.value >= _HIGH_VALUE, _HIGH_RATE, _RATE)
        tax = (np.maximum(self.value - UNTAXED, 0) * rate).astype(np.int64)
        return np.maximum(tax, 10_000)

    @cached_property
    def due(self) -> Ints:
        """Day numbers by which each is to be paid."""
        return self._of_year([day_number(due_day(tax_year)) for tax_year in self.years])

    @cached_property
    def printed(self) -> Ints:
        """Day numbers on which each was printed."""
        return self._of_year([day_number(billing_day(tax_year)) for tax_year in self.years])

    def _of_year(self, days: list[int]) -> Ints:
        return np.array(days)[self.tax_year - self.years.start]

    @cached_property
    def is_paid_ever(self) -> Bools:
        """Whether anybody will pay it."""
        faithful = self.dice.chance("pbb/faithful", self.objects.ids, _FAITHFUL)[self.object]
        share: Floats = np.where(faithful, _PAYS, _PAYS_ELSE)
        return self.dice.chance("pbb/pays", self.ids, share)

    @cached_property
    def pay_day(self) -> Ints:
        """Day numbers on which each is paid, if it is: over half in the weeks before it is due."""
        ids = self.ids
        rush = (-15.0 * np.log1p(-self.dice.uniform("pbb/rush", ids))).astype(np.int64)
        calm = self.dice.below("pbb/calm", ids, 205)
        early = self.due - np.where(self.dice.chance("pbb/rush?", ids, 0.56), rush % 120, calm)
        late = self.due + 1 + self.dice.lognormal("pbb/late", ids, 75.0, 1.1).astype(np.int64)
        return np.where(self.dice.chance("pbb/late?", ids, _LATE), late, early)

    @cached_property
    def manner(self) -> Ints:
        """``PARTLY``, ``ABOVE``, or 0 for the amount on the bill."""
        usual = 1 - _PARTLY - _ABOVE
        return self.dice.choice("pbb/manner", self.ids, (usual, _PARTLY, _ABOVE))

    @cached_property
    def is_paid_twice(self) -> Bools:
        """Whether a second payer, or the same one, pays all of it again."""
        twice: Bools = self.dice.chance("pbb/twice", self.ids, _TWICE) & (self.manner == 0)
        return twice


@dataclass(frozen=True)
class TaxPayments:
    """Every payment until this morning, by position: in the order in which they came."""

    bills: TaxBills

    @property
    def dice(self) -> Dice:
        """The chance of this city."""
        return self.bills.dice

    @cached_property
    def _order(self) -> tuple[Ints, Ints, Ints]:
        """Bill, day and number of each payment."""
        bills = self.bills
        once = np.flatnonzero(bills.is_paid_ever)
        twice = np.flatnonzero(bills.is_paid_ever & bills.is_paid_twice)
        bill = np.concatenate([once, twice])
        again = 1 + self.dice.below("pbb/again", bills.ids[twice], 40)
        day = np.concatenate([bills.pay_day[once], bills.pay_day[twice] + again])
        number = np.concatenate([bills.ids[once] * 2, bills.ids[twice] * 2 + 1])
        order = np.lexsort((number, day))
        order = order[day[order] < day_number(bills.objects.today)]
        return bill[order], day[order], number[order]

    @property
    def bill(self) -> Ints:
        """The position of the bill each is for."""
        return self._order[0]

    @property
    def day(self) -> Ints:
        """Day numbers."""
        return self._order[1]

    @property
    def ids(self) -> Ints:
        """Numbers of the payments, the same on every day."""
        return self._order[2]

    @cached_property
    def amount(self) -> Ints:
        """Rupiah paid on the tax itself."""
        billed, manner = self.bills.amount[self.bill], self.bills.manner[self.bill]
        part = 0.3 + 0.5 * self.dice.uniform("pbb/part", self.ids)
        partly = np.maximum((billed * part).astype(np.int64) // 1000 * 1000, 1000)
        # Too much is a round sum at the counter.
        above = (billed // 50_000 + 1) * 50_000
        amount = np.where(manner == PARTLY, partly, billed)
        return np.where(manner == ABOVE, above, amount)

    @cached_property
    def fine(self) -> Ints:
        """Rupiah of fine: one per cent a month begun, of at most 24."""
        late = self.day - self.bills.due[self.bill]
        months = np.clip((late + 29) // 30, 0, _MOST_MONTHS)
        fine: Ints = (self.amount * months * _FINE_A_MONTH).astype(np.int64)
        return fine

    @cached_property
    def settled(self) -> Bools:
        """For each bill, whether all of it has been paid."""
        paid = np.bincount(self.bill, weights=self.amount, minlength=len(self.bills.ids))
        return paid >= self.bills.amount
