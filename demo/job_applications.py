"""Who applied for which vacancy of Siap Kerja, what came of it, and who started to work."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from demo.days import DAY, NEVER, working_days_later
from demo.dice import Ints
from demo.job_seekers import Seekers
from demo.job_vacancies import Vacancies

_MOST = 6
"""Applications of one registration at most."""

RESULTS = ("diproses", "diterima", "ditolak", "mengundurkan diri")
OPEN, ACCEPTED, REFUSED, WITHDRAWN = range(4)


@dataclass(frozen=True)
class Applications:
    """Every application that any seeker of today makes some day; ``chances`` number them.

    What lies ahead is drawn with the rest, so that tomorrow agrees with today.
    """

    seekers: Seekers
    vacancies: Vacancies

    @cached_property
    def chances(self) -> Ints:
        """``seeker * _MOST + n``: the same application has the same one on every day."""
        dice, ids = self.seekers.population.dice, self.seekers.ids
        counts = dice.choice("application/count", ids, (22, 24, 20, 14, 10, 6, 4))
        seeker = np.repeat(ids, counts)
        first = np.repeat(np.cumsum(counts) - counts, counts)
        return seeker * _MOST + np.arange(len(seeker)) - first

    @cached_property
    def seeker(self) -> Ints:
        """The registration of each."""
        return self.chances // _MOST

    @cached_property
    def made(self) -> Ints:
        """When it was sent: some days, or some months, after registering."""
        wait = self.seekers.population.dice.lognormal("application/wait", self.chances, 12.0, 1.2)
        return self.seekers.registered[self.seeker] + 600 + (wait * DAY).astype(np.int64)

    @cached_property
    def vacancy(self) -> Ints:
        """One of the vacancies published last; −1 where there was none yet."""
        published = np.searchsorted(self.vacancies.opened, self.made)
        recent = np.minimum(published, np.maximum(published // 20, 8))
        back = self.seekers.population.dice.below("application/vacancy", self.chances, recent)
        return published - 1 - back

    @cached_property
    def decided(self) -> Ints:
        """When the firm answered; NEVER for the fifth who never hear anything."""
        dice = self.seekers.population.dice
        days = dice.lognormal("application/days", self.chances, 9.0, 0.7)
        clock = dice.uniform("application/clock", self.chances)
        answer = working_days_later(self.made, days, clock)
        return np.where(dice.chance("application/silence", self.chances, 0.2), NEVER, answer)

    @cached_property
    def outcome(self) -> Ints:
        """How it ends, a position in ``RESULTS``: of several jobs, one takes the first."""
        luck = self.seekers.population.dice.choice(
            "application/outcome", self.chances, (0, 20, 70, 10)
        )
        outcome = np.where((self.decided == NEVER) | (self.vacancy < 0), OPEN, luck)
        accepted = np.flatnonzero(outcome == ACCEPTED)
        order = accepted[np.lexsort((self.decided[accepted], self.seeker[accepted]))]
        later = order[1:][np.diff(self.seeker[order]) == 0]
        outcome[later] = WITHDRAWN
        return outcome

    @cached_property
    def started(self) -> Ints:
        """The day (its midnight) on which the work starts; NEVER for who got none."""
        wait = 3 + self.seekers.population.dice.below("placement/wait", self.chances, 25)
        day = (self.decided // DAY + wait) * DAY
        return np.where(self.outcome == ACCEPTED, day, NEVER)

    @cached_property
    def placed(self) -> Ints:
        """When the office wrote the placement down: in the week after the first working day."""
        wait = self.seekers.population.dice.uniform("placement/noted", self.chances) * 7 * DAY
        noted = self.started + 9 * 3600 + wait.astype(np.int64)
        return np.where(self.started < NEVER, noted, NEVER)

    @cached_property
    def happened(self) -> Ints:
        """Positions of those made by this morning, numbered as they came."""
        there = np.flatnonzero((self.made < self.seekers.now) & (self.vacancy >= 0))
        return there[np.lexsort((self.chances[there], self.made[there]))]

    @cached_property
    def number(self) -> Ints:
        """The id of each application; 0 for those not made yet."""
        number = np.zeros(len(self.chances), dtype=np.int64)
        number[self.happened] = np.arange(len(self.happened)) + 1
        return number

    @cached_property
    def placements(self) -> Ints:
        """Positions of those that led to work by this morning, numbered as they were noted."""
        there = np.flatnonzero((self.placed < self.seekers.now) & (self.number > 0))
        return there[np.lexsort((self.chances[there], self.placed[there]))]

    @cached_property
    def seeker_placed(self) -> Ints:
        """When each registration's work was noted; NEVER where it found none."""
        placed = np.full(len(self.seekers.ids), NEVER)
        placed[self.seeker[self.placements]] = self.placed[self.placements]
        return placed
