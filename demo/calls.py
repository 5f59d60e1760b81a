"""Calls to the emergency line 112: every call with the whole of its life, as numbers."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from demo.call_topics import EMERGENCIES
from demo.days import DAY, HOUR, Stream, day_number, midnight, month_index
from demo.dice import Bools, Floats, Ints
from demo.population import Population
from demo.spec import CitySpec

CALL_DAYS = 400
"""Days of calls behind the opening day, one file each."""

GHOST_SHARE = 0.5
"""Nobody in need: pranks, pocket calls, silence. Cities with a 112 report half and more."""

_PER_CITIZEN = 6 / 20_000
_FEWEST_A_DAY = 6.0  # so that a day in the smallest city still brings something
_RESENT = 0.15
_CLOCK = np.array(
    [3, 2, 2, 2, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 7, 7, 7, 6, 6, 5, 4], dtype=float
)
_RAINY, _WET = (0, 1), (2, 11)  # months of flood, and the others with much rain


def calls_start(spec: CitySpec) -> date:
    """The first day with calls."""
    return date.fromordinal(spec.opened.toordinal() - CALL_DAYS)


@dataclass(frozen=True)
class Calls:
    """Every call up to the morning of ``today``, by position in order of time.

    The control room exports a day's calls at midnight. Some files are sent again on the next
    day, corrected: what was still open at midnight is closed, wrong categories are put right, and
    calls that were noted on paper come in. Moments may lie after ``today``.
    """

    population: Population
    today: date

    @cached_property
    def now(self) -> int:
        """The morning's midnight."""
        return midnight(self.today)

    @cached_property
    def stream(self) -> Stream:
        """How many came on each day: more in the months of flood."""
        spec = self.population.spec
        start = calls_start(spec)
        months = month_index(np.arange(day_number(start), day_number(self.today)) * DAY)
        mean = np.where(np.isin(months, _RAINY), 1.3, np.where(np.isin(months, _WET), 1.1, 0.92))
        mean = mean * max(spec.citizens * _PER_CITIZEN, _FEWEST_A_DAY)
        return Stream.daily(self.population.dice, "call", start, self.today, mean)

    @cached_property
    def ids(self) -> Ints:
        """Positions of all calls."""
        return np.arange(self.stream.total)

    @cached_property
    def day(self) -> Ints:
        """The day number of each call, which is that of its file."""
        days: Ints = self.stream.first_day + self.stream.day
        return days

    @cached_property
    def called(self) -> Ints:
        """When the phone rang."""
        return self.stream.moments(self.population.dice, "call", _CLOCK)

    @cached_property
    def is_ghost(self) -> Bools:
        """Nobody in need of anything."""
        return self.population.dice.chance("call/ghost", self.ids, GHOST_SHARE)

    @cached_property
    def emergency(self) -> Ints:
        """What it was about: a position in ``EMERGENCIES``; of no meaning for a ghost call."""
        return self._drawn("call/emergency")

    @cached_property
    def misheard(self) -> Ints:
        """What the operator took it for at first, where that is corrected later."""
        other = 1 + self.population.dice.below("call/misheard", self.ids, len(EMERGENCIES) - 1)
        return (self.emergency + other) % len(EMERGENCIES)

    def _drawn(self, label: str) -> Ints:
        dice = self.population.dice
        weight = np.array([kind.weight for kind in EMERGENCIES])
        rainy, wet = np.array([kind.season for kind in EMERGENCIES]).T
        months = month_index(self.called)
        return np.where(
            np.isin(months, _RAINY),
            dice.choice(label, self.ids, weight * rainy),
            np.where(
                np.isin(months, _WET),
                dice.choice(label, self.ids, weight * wet),
                dice.choice(label, self.ids, weight),
            ),
        )

    @cached_property
    def caller(self) -> Ints:
        """The citizen who called (position); -1 for strangers and for whoever plays pranks."""
        dice, adults = self.population.dice, self.population.adults
        citizen = adults[dice.below("call/caller", self.ids, len(adults))]
        unknown = self.is_ghost | dice.chance("call/stranger", self.ids, 0.08)
        return np.where(unknown, -1, citizen)

    @cached_property
    def kelurahan(self) -> Ints:
        """Where help is needed (position): often at home; -1 outside the city, and for ghosts."""
        dice, population = self.population.dice, self.population
        home = population.kelurahan[np.maximum(self.caller, 0)]
        elsewhere = dice.choice("call/kelurahan", self.ids, population.areas.weights)
        at_home = (self.caller >= 0) & dice.chance("call/home", self.ids, 0.55)
        nowhere = self.is_ghost | dice.chance("call/outside", self.ids, 0.03)
        return np.where(nowhere, -1, np.where(at_home, home, elsewhere))

    @cached_property
    def dispatched(self) -> Ints:
        """When a unit was sent; for a ghost call the moment itself, which means nothing."""
        wait = 45 + self.population.dice.below("call/dispatch", self.ids, 200)
        return self.called + np.where(self.is_ghost, 0, wait)

    @cached_property
    def arrived(self) -> Ints:
        """When the unit was there: some kecamatan are far from the posts."""
        dice, areas = self.population.dice, self.population.areas
        median = np.array([kind.arrival_minutes for kind in EMERGENCIES])[self.emergency]
        kecamatan = areas.kecamatan_of[np.maximum(self.kelurahan, 0)]
        far = 0.7 + 0.8 * dice.uniform("kecamatan/far-from-posts", kecamatan)
        return self.dispatched + self._seconds("call/arrival", median * far, 0.45)

    @cached_property
    def closed(self) -> Ints:
        """When the call was closed."""
        ghost = self.called + 15 + self.population.dice.below("call/hang-up", self.ids, 90)
        median = np.array([kind.work_minutes for kind in EMERGENCIES])[self.emergency]
        done = self.arrived + self._seconds("call/work", median, 0.6)
        return np.where(self.is_ghost, ghost, done)

    def _seconds(self, label: str, minutes: Floats, sigma: float) -> Ints:
        drawn = self.population.dice.lognormal(label, self.ids, minutes, sigma)
        seconds: Ints = (drawn * 60).astype(np.int64)
        return seconds

    def exported(self, days: Ints) -> Ints:
        """The last second of each day: when its file is first written."""
        return (days + 1) * DAY - 1

    def resent(self, days: Ints) -> Ints:
        """When each day's file was corrected, if it ever is: during the next day."""
        return (days + 1) * DAY + 9 * HOUR + self.population.dice.below("call/when", days, 6 * HOUR)

    def is_resent(self, days: Ints) -> Bools:
        """Whether each day's file has been corrected by this morning."""
        once = self.population.dice.chance("call/resent", days, _RESENT)
        corrected: Bools = once & (self.resent(days) < self.now)
        return corrected

    @cached_property
    def written(self) -> Ints:
        """When the file that has the call now was written."""
        return np.where(self.is_resent(self.day), self.resent(self.day), self.exported(self.day))

    @cached_property
    def will_be_fixed(self) -> Bools:
        """Entered wrongly at first, in a file that is corrected: at least its first call."""
        dice = self.population.dice
        once = dice.chance("call/resent", self.day, _RESENT)
        fixed: Bools = once & ((self.stream.rank == 0) | dice.chance("call/fixed", self.ids, 0.25))
        return fixed

    @cached_property
    def is_corrected(self) -> Bools:
        """Whether the file shows it otherwise than at first."""
        was_open = self.closed > self.exported(self.day)
        corrected: Bools = self.is_resent(self.day) & (self.will_be_fixed | was_open)
        return corrected

    @cached_property
    def is_from_paper(self) -> Bools:
        """Noted on paper while the system was down: only in the corrected file."""
        dice = self.population.dice
        once = dice.chance("call/resent", self.day, _RESENT)
        paper: Bools = once & (self.stream.rank > 0) & dice.chance("call/paper", self.ids, 0.06)
        return paper

    @cached_property
    def is_present(self) -> Bools:
        """Whether a file has it this morning."""
        present: Bools = ~self.is_from_paper | self.is_resent(self.day)
        return present
