"""The permit office's events: every application with the whole of its life, as numbers."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from demo.days import DAY, NEVER, Stream, day_number, midnight, weekday, working_days_later
from demo.departments import DEPARTMENTS, POSITION
from demo.dice import Bools, Floats, Ints
from demo.permit_types import PERMIT_TYPES
from demo.population import Population
from demo.spec import HISTORY_DAYS

_PER_CITIZEN = 0.08 / HISTORY_DAYS
_FEWEST_A_DAY = 2.0
_WEEK = np.array([1.4, 1.3, 1.25, 1.2, 1.15, 0.4, 0.3])  # Monday first
_HOURS = np.array(
    [0.5, 0.2, 0.1, 0.1, 0.2, 0.5, 1, 3, 8, 11, 11, 9, 6, 9, 10, 8, 5, 3, 3, 4, 4, 3, 2, 1]
)
_PHONE_CHANGES_A_DAY = 0.00005

VERIFICATION, SURVEY, APPROVAL = 0, 1, 2
STAGES = ("verifikasi", "survei", "persetujuan")
_SHARE_OF_TIME = (0.3, 0.4, 0.3)


@dataclass(frozen=True)
class Permits:
    """Every application up to the morning of ``today``, by position (id − 1).

    Moments are NEVER where something does not happen at all; they may lie after ``today``.
    """

    population: Population
    today: date

    @cached_property
    def now(self) -> int:
        """The morning's midnight."""
        return midnight(self.today)

    @cached_property
    def stream(self) -> Stream:
        """How many came on each day; few at weekends."""
        spec = self.population.spec
        days = np.arange(day_number(spec.history_start), day_number(self.today))
        trend = 0.9 + 0.2 * np.arange(len(days)) / HISTORY_DAYS
        mean = max(spec.citizens * _PER_CITIZEN, _FEWEST_A_DAY) * trend * _WEEK[weekday(days)]
        return Stream.daily(
            self.population.dice, "permit", spec.history_start, self.today, np.maximum(mean, 1.0)
        )

    @cached_property
    def ids(self) -> Ints:
        """Positions of all applications."""
        return np.arange(self.stream.total)

    @cached_property
    def submitted(self) -> Ints:
        """When each was handed in."""
        return self.stream.moments(self.population.dice, "permit", _HOURS)

    @cached_property
    def is_new_applicant(self) -> Bools:
        """Whether the applicant was not known before."""
        new: Bools = self.population.dice.chance("permit/new", self.ids, 0.7) | (self.ids == 0)
        return new

    @cached_property
    def applicant(self) -> Ints:
        """The applicant's position; applicants are numbered as they first apply."""
        known = np.cumsum(self.is_new_applicant, dtype=np.int64)
        again = self.population.dice.below("permit/again", self.ids, known)
        return np.where(self.is_new_applicant, known - 1, again)

    @cached_property
    def applicant_person(self) -> Ints:
        """The citizen behind each applicant; in a small city some register a second time."""
        adults = self.population.shuffled_adults("applicant/order")
        return adults[np.arange(int(self.is_new_applicant.sum())) % len(adults)]

    @cached_property
    def applicant_created(self) -> Ints:
        """When each applicant registered: minutes before the first application, on the same day."""
        wait = 60 + self.population.dice.below("applicant/wait", self.ids, 600)
        registered = np.maximum(self.submitted - wait, self.submitted // DAY * DAY)
        first: Ints = registered[self.is_new_applicant]
        return first

    @cached_property
    def phone_changes(self) -> tuple[Ints, Ints]:
        """For each applicant: how often the phone changed, and when last (−1 for never)."""
        spec, dice = self.population.spec, self.population.dice
        days = (self.today - spec.history_start).days
        mean = np.full(days, max(1.0, spec.citizens * _PHONE_CHANGES_A_DAY))
        changes = Stream.daily(dice, "applicant/phone", spec.history_start, self.today, mean)
        # Applicants known at the start of each day; on the first day there are none.
        known = np.concatenate([[0], np.cumsum(self.is_new_applicant)])[self.stream.starts[:-1]]
        real = known[changes.day] > 0
        who = dice.below("applicant/phone/who", np.arange(changes.total), known[changes.day])[real]
        moment = changes.moments(dice, "applicant/phone", _HOURS)[real]
        applicants = len(self.applicant_person)
        last = np.full(applicants, -1)
        last[who] = moment
        return np.bincount(who, minlength=applicants), last

    @cached_property
    def type(self) -> Ints:
        """The permit type (position)."""
        weights = [permit.weight for permit in PERMIT_TYPES]
        return self.population.dice.choice("permit/type", self.ids, weights)

    @cached_property
    def kelurahan(self) -> Ints:
        """Where the building or business is; half of them at the applicant's home."""
        dice = self.population.dice
        home = self.population.kelurahan[self.applicant_person[self.applicant]]
        elsewhere = dice.choice("permit/kelurahan", self.ids, self.population.areas.weights)
        return np.where(dice.chance("permit/home", self.ids, 0.5), home, elsewhere)

    @cached_property
    def _working_days(self) -> Floats:
        """What the whole way takes, in working days; slow departments break the promise often."""
        pace = np.array([d.pace for d in DEPARTMENTS])
        department = np.array([POSITION[permit.department] for permit in PERMIT_TYPES])[self.type]
        promised = np.array([permit.days for permit in PERMIT_TYPES])[self.type]
        median = promised * (0.45 + 0.25 * pace[department])
        return self.population.dice.lognormal("permit/days", self.ids, median, 0.45)

    @cached_property
    def _ending(self) -> Ints:
        """How it ends: 0 issued, 1 refused, 2 withdrawn by the applicant, 3 lies forever."""
        return self.population.dice.choice("permit/ending", self.ids, (80, 11, 5, 4))

    @cached_property
    def _last_stage(self) -> Ints:
        """The stage after which it ends."""
        early = self.population.dice.below("permit/last-stage", self.ids, 2)
        has_survey = np.array([permit.survey for permit in PERMIT_TYPES])[self.type]
        early = np.where(has_survey, early, 0)
        return np.where(self._ending == 0, APPROVAL, early)

    @cached_property
    def stages(self) -> list[tuple[Ints, Ints]]:
        """When each stage (in the order of ``STAGES``) began and ended."""
        dice = self.population.dice
        has_survey = np.array([permit.survey for permit in PERMIT_TYPES])[self.type]
        wait = dice.lognormal("permit/wait", self.ids, 0.4, 0.8)
        clock = dice.uniform("permit/wait/clock", self.ids)
        moment = working_days_later(self.submitted, wait, clock)
        result = []
        for stage, share in enumerate(_SHARE_OF_TIME):
            reached = (stage <= self._last_stage) & (has_survey | (stage != SURVEY))
            clock = dice.uniform(f"permit/stage/{stage}", self.ids)
            end = working_days_later(moment, self._working_days * share, clock)
            lies = (self._ending == 3) & (stage == self._last_stage)
            finished = np.where(reached & ~lies, end, NEVER)
            result.append((np.where(reached, moment, NEVER), finished))
            moment = np.where(reached, end, moment)
        return result

    @cached_property
    def closed(self) -> Ints:
        """When it was issued, refused or withdrawn."""
        ends = np.stack([end for _, end in self.stages])
        return ends[self._last_stage, self.ids]

    @cached_property
    def milestones(self) -> list[Ints]:
        """Every moment at which the application's own row changes."""
        return [*(begin for begin, _ in self.stages), self.closed]

    @cached_property
    def status(self) -> Ints:
        """A position in ``STATUSES``, as of this morning."""
        status = np.zeros(len(self.ids), dtype=np.int64)
        for stage, (begin, _) in enumerate(self.stages):
            status = np.where(begin < self.now, stage + 1, status)
        return np.where(self.closed < self.now, 4 + np.minimum(self._ending, 2), status)

    @cached_property
    def updated(self) -> Ints:
        """When the application's row last changed."""
        updated = self.submitted
        for moment in self.milestones:
            updated = np.where(moment < self.now, np.maximum(updated, moment), updated)
        return updated


STATUSES = ("diajukan", "verifikasi", "survei", "persetujuan", "terbit", "ditolak", "dibatalkan")
