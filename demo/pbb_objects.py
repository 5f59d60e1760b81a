"""Property tax: what is taxed (land and buildings) and who the roll says pays for it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from demo.days import day_number, midnight
from demo.dice import Bools, Dice, Floats, Ints
from demo.pbb_areas import TaxAreas
from demo.population import Population

_NUMBERS_PER_BLOCK = 250
_ELSEWHERE = 0.12
_CHANGING_DAYS = 6 * 365
"""New objects, sales and mergers are spread over the six years from the start of the history."""
_NEW, _SOLD, _MERGED = 0.04, 0.09, 0.006  # shares of all objects in those years

# Who stands on the roll, per cent: the family's head, another adult of the house, the person who
# sold it and lives elsewhere, somebody who has died, a company.
_HOLDERS = (48, 12, 19, 16, 5)
HEAD, MEMBER, PREVIOUS, DECEASED, COMPANY = range(5)


@dataclass(frozen=True)
class TaxObjects:
    """Every object on the roll this morning, by position; positions never change."""

    population: Population
    today: date

    @property
    def dice(self) -> Dice:
        """The chance of this city."""
        return self.population.dice

    @cached_property
    def _start(self) -> int:
        return day_number(self.population.spec.history_start)

    @cached_property
    def _all(self) -> Ints:
        """Every object there will ever be: household × 2, plus 1 for its second one."""
        homes = np.arange(int(self.population.household[-1]) + 1)
        share = self.dice.uniform("pbb/objects", homes)
        first, second = homes[share < 0.52] * 2, homes[share < 0.05] * 2 + 1
        return np.sort(np.concatenate([first, second]))

    @cached_property
    def _all_recorded(self) -> Ints:
        new = self.dice.chance("pbb/new?", self._all, _NEW)
        later = self._start + self.dice.below("pbb/new", self._all, _CHANGING_DAYS)
        earlier = self._start - 200 - self.dice.below("pbb/recorded", self._all, 8500)
        return np.where(new, later, earlier)

    @cached_property
    def _known(self) -> Ints:
        """Positions among all; by the day they were recorded, as the file grew."""
        order = np.argsort(self._all_recorded, kind="stable")
        known: Ints = order[self._all_recorded[order] < day_number(self.today)]
        return known

    @cached_property
    def ids(self) -> Ints:
        """Numbers of the objects, the same on every day."""
        return self._all[self._known]

    @cached_property
    def recorded(self) -> Ints:
        """Day numbers on which each came on the roll."""
        return self._all_recorded[self._known]

    @cached_property
    def merged(self) -> Ints:
        """Day numbers on which each left it, part of another now; far away for nearly all."""
        never = day_number(self.today) + 100_000
        share = self.dice.chance("pbb/merged?", self.ids, _MERGED)
        days = self._start + self.dice.below("pbb/merged", self.ids, _CHANGING_DAYS)
        return np.where(share & (days > self.recorded + 30), days, never)

    @cached_property
    def is_live(self) -> Bools:
        """False once an object left the roll; its record is marked as deleted."""
        live: Bools = self.merged >= day_number(self.today)
        return live

    @cached_property
    def sold(self) -> Ints:
        """How often each was sold since the history began: 0 or 1, as of this morning."""
        share = self.dice.chance("pbb/sold?", self.ids, _SOLD)
        days = self._start + self.dice.below("pbb/sold", self.ids, _CHANGING_DAYS)
        share &= (days > self.recorded) & (days < day_number(self.today))
        return share.astype(np.int64)

    @cached_property
    def entries(self) -> Ints:
        """A number for each writing down of a taxpayer: a sale makes a new one."""
        return self.ids * 2 + self.sold

    @cached_property
    def holder(self) -> Ints:
        """Who is on the roll: ``HEAD``, ``MEMBER``, ``PREVIOUS``, ``DECEASED`` or ``COMPANY``."""
        drawn = self.dice.choice("pbb/holder", self.entries, _HOLDERS)
        # Who buys comes to the counter in person.
        return np.where((self.sold == 1) & (drawn != COMPANY), HEAD, drawn)

    @cached_property
    def people(self) -> Ints:
        """The citizen on the roll, by position; -1 for the dead and for companies."""
        home = self.ids // 2
        first = self.household_start[home]
        size = np.diff(np.append(self.household_start, self.population.spec.citizens))[home]
        member = first + self.dice.below("pbb/member", self.entries, size)
        grown = np.isin(member, self.population.adults)
        adults = self.population.adults
        previous = adults[self.dice.below("pbb/previous", self.entries, len(adults))]
        people = np.where((self.holder == MEMBER) & grown, member, first)
        people = np.where(self.holder == PREVIOUS, previous, people)
        return np.where(self.holder >= DECEASED, -1, people)

    @cached_property
    def kelurahan(self) -> Ints:
        """Where the object truly lies; one in eight is not where its owner's house is."""
        home = self.population.kelurahan[self.household_start[self.ids // 2]]
        return self._elsewhere(self.ids, home)

    def _elsewhere(self, ids: Ints, home: Ints) -> Ints:
        other = self.dice.choice("pbb/kelurahan", ids, self.population.areas.weights)
        return np.where(self.dice.chance("pbb/elsewhere", ids, _ELSEWHERE), other, home)

    @cached_property
    def _place_in_kelurahan(self) -> Ints:
        """The how-manieth of its kelurahan each is, over all there will ever be: it is for good."""
        home = self.population.kelurahan[self.household_start[self._all // 2]]
        kelurahan = self._elsewhere(self._all, home)
        order = np.argsort(kelurahan, kind="stable")
        grouped = kelurahan[order]
        first = np.flatnonzero(np.diff(grouped, prepend=-1))
        place = np.empty_like(order)
        sizes = np.diff(np.append(first, len(order)))
        place[order] = np.arange(len(order)) - np.repeat(first, sizes)
        return place[self._known]

    @cached_property
    def has_code(self) -> Bools:
        """False where the counter never entered the kelurahan's code beside the NOP."""
        has: Bools = ~self.dice.chance("pbb/no-code", self.ids, 0.004)
        return has

    @cached_property
    def household_start(self) -> Ints:
        """The first citizen of each household, by position."""
        return np.flatnonzero(np.diff(self.population.household, prepend=-1))

    @cached_property
    def is_elsewhere(self) -> Bools:
        """True where the object is not in the kelurahan of its owner's house."""
        return self.dice.chance("pbb/elsewhere", self.ids, _ELSEWHERE)

    @cached_property
    def nop(self) -> Ints:
        """Object numbers of 18 digits: province, city, the office's kecamatan and kelurahan, block,
        number and kind (the layout of KEP-533/PJ/2000)."""
        area = 3671 * 10**6 + TaxAreas(self.population.areas).numbers[self.kelurahan]
        block, number = np.divmod(self._place_in_kelurahan, _NUMBERS_PER_BLOCK)
        kind = np.where(self.dice.chance("pbb/kind", self.ids, 0.03), 7, 0)
        nop: Ints = ((area * 1000 + block + 1) * 10**4 + number + 1) * 10 + kind
        return nop

    @cached_property
    def land(self) -> Ints:
        """Square metres of land."""
        return np.maximum(self.dice.lognormal("pbb/land", self.ids, 96.0, 0.55), 21).astype(
            np.int64
        )

    @cached_property
    def building(self) -> Ints:
        """Square metres of building; none on one plot in twelve."""
        share = 0.35 + 0.7 * self.dice.uniform("pbb/building", self.ids)
        built = ~self.dice.chance("pbb/empty-plot", self.ids, 0.08)
        return (self.land * share * built).astype(np.int64)

    def land_value(self, tax_year: int | Ints) -> Ints:
        """NJOP of the land in rupiah; set anew every three years (UU 1/2022 art. 40)."""
        price = self.dice.lognormal("pbb/land-price", self.kelurahan, 1_450_000.0, 0.45)
        return self.land * (price * _raised(tax_year) / 1000).astype(np.int64) * 1000

    def building_value(self, tax_year: int | Ints) -> Ints:
        """NJOP of the building in rupiah."""
        price = self.dice.lognormal("pbb/building-price", self.ids, 1_100_000.0, 0.3)
        return self.building * (price * _raised(tax_year) / 1000).astype(np.int64) * 1000

    @cached_property
    def roll_year(self) -> Ints:
        """The year whose values are on the roll: it is revalued with the bills of each year."""
        return np.full(len(self.ids), last_billed_year(self.today))

    @cached_property
    def revisions(self) -> Ints:
        """Differ whenever an object's record does: at a sale, and when values are raised."""
        return self.sold * 10_000 + self.roll_year // 3


def _raised(tax_year: int | Ints) -> Floats:
    raised: Floats = 1.12 ** ((np.asarray(tax_year) // 3) - 674).astype(np.float64)
    return raised


def billing_day(tax_year: int) -> date:
    """Bills of a year are printed on the first of February."""
    return date(tax_year, 2, 1)


def last_billed_year(today: date) -> int:
    """The newest year that bills were printed for before this morning."""
    return today.year if midnight(billing_day(today.year)) < midnight(today) else today.year - 1
