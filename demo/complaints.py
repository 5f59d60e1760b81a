"""LAKSA's events: every complaint with the whole of its life, as numbers.

A complaint's life is drawn when it is made; a day shows the part of it that has happened.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from demo.complaint_topics import TOPICS
from demo.days import (
    DAY,
    HOUR,
    NEVER,
    Stream,
    day_number,
    midnight,
    month_index,
    office_moment,
    weekday,
)
from demo.departments import DEPARTMENTS, POSITION
from demo.dice import Bools, Floats, Ints
from demo.population import Population
from demo.spec import HISTORY_DAYS
from demo.users import WAKING_HOURS, Users

_PER_CITIZEN = 0.25 / HISTORY_DAYS
_FEWEST_A_DAY = 6.0  # so that a day in the smallest city still brings one of everything
_WEEK = np.array([1.25, 1.12, 1.05, 1.0, 1.02, 0.82, 0.74])  # Monday first
_WET_MONTHS = (0, 1, 2, 11)
_SPAM_KEPT_DAYS = 14
MAX_LATE_SECONDS = 2 * HOUR
"""The furthest a row can appear behind its own ``updated_at``."""


@dataclass(frozen=True)
class Complaints:
    """Every complaint ever sent up to the morning of ``today``, by position (id − 1).

    Moments are NEVER where something does not happen at all; they may lie after ``today``.
    """

    population: Population
    users: Users
    today: date

    @cached_property
    def now(self) -> int:
        """The morning's midnight: what happened before it is in the database."""
        return midnight(self.today)

    @cached_property
    def stream(self) -> Stream:
        """How many came on each day: more each year, more on Mondays, more in the wet months."""
        spec = self.population.spec
        days = np.arange(day_number(spec.history_start), day_number(self.today))
        trend = 0.9 + 0.2 * np.arange(len(days)) / HISTORY_DAYS
        wet = np.where(np.isin(month_index(days * DAY), _WET_MONTHS), 1.2, 0.93)
        mean = max(spec.citizens * _PER_CITIZEN, _FEWEST_A_DAY) * trend * _WEEK[weekday(days)] * wet
        mean = np.maximum(mean, 4.0)
        return Stream.daily(self.population.dice, "complaint", spec.history_start, self.today, mean)

    @cached_property
    def ids(self) -> Ints:
        """Positions of all complaints."""
        return np.arange(self.stream.total)

    @cached_property
    def is_late(self) -> Bools:
        """Sent from a phone without signal, seen by the server after midnight."""
        return self.stream.is_last

    @cached_property
    def reported(self) -> Ints:
        """When the citizen pressed send."""
        usual = self.stream.moments(self.population.dice, "complaint", WAKING_HOURS)
        late = (self.stream.first_day + self.stream.day + 1) * DAY
        late = late - 60 - self.population.dice.below("complaint/late", self.ids, 80 * 60)
        return np.where(self.is_late, late, usual)

    @cached_property
    def seen(self) -> Ints:
        """When the row appeared in the database."""
        next_midnight = (self.stream.first_day + self.stream.day + 1) * DAY
        delayed = next_midnight + 60 + self.population.dice.below("complaint/seen", self.ids, 1800)
        return np.where(self.is_late, delayed, self.reported)

    @cached_property
    def is_spam(self) -> Bools:
        """Not a complaint at all: one machine-sent message a night, and some more."""
        some = self.population.dice.chance("complaint/spam", self.ids, 0.03)
        spam: Bools = ((self.stream.rank == 0) | some) & ~self.is_late
        return spam

    @cached_property
    def user(self) -> Ints:
        """The account that sent it."""
        known = self.users.registered_by(self.stream.day)
        return self.population.dice.below("complaint/user", self.ids, known)

    @cached_property
    def kelurahan(self) -> Ints:
        """Where it is: mostly near the sender's home."""
        dice, areas = self.population.dice, self.population.areas
        home = self.population.kelurahan[self.users.person[self.user]]
        elsewhere = dice.choice("complaint/kelurahan", self.ids, areas.weights)
        return np.where(dice.chance("complaint/home", self.ids, 0.7), home, elsewhere)

    @cached_property
    def topic(self) -> Ints:
        """Its category, which follows the season."""
        wet = np.isin(month_index(self.reported), _WET_MONTHS)
        usual = np.array([topic.weight for topic in TOPICS])
        rainy = usual * np.array([topic.rain for topic in TOPICS])
        dry_choice = self.population.dice.choice("complaint/topic", self.ids, usual)
        wet_choice = self.population.dice.choice("complaint/topic", self.ids, rainy)
        return np.where(wet, wet_choice, dry_choice)

    @cached_property
    def department(self) -> Ints:
        """The department (position) it belongs to."""
        return np.array([POSITION[topic.department] for topic in TOPICS])[self.topic]

    @cached_property
    def first_department(self) -> Ints:
        """The department it was sent to first; for one in twelve the wrong one."""
        dice = self.population.dice
        other = dice.below("complaint/other", self.ids, len(DEPARTMENTS))
        return np.where(dice.chance("complaint/misrouted", self.ids, 0.08), other, self.department)

    @cached_property
    def _slowness(self) -> Floats:
        pace = np.array([department.pace for department in DEPARTMENTS])[self.department]
        kecamatan = self.population.areas.kecamatan_of[self.kelurahan]
        local = 0.75 + 0.7 * self.population.dice.uniform("kecamatan/slowness", kecamatan)
        slowness: Floats = pace * local
        return slowness

    @cached_property
    def first_disposition(self) -> Ints:
        """When it was passed on to a department; one in forty is forgotten. What came late at night
        waits a day longer, so that its row shows up with an old ``updated_at``."""
        dice = self.population.dice
        hours = dice.lognormal("complaint/response", self.ids, 5.0 * self._slowness, 1.0)
        moment = self.reported + 1800 + (hours * HOUR).astype(np.int64) + self.is_late * DAY
        moment = office_moment(moment, dice.uniform("complaint/response/clock", self.ids))
        forgotten = dice.chance("complaint/forgotten", self.ids, np.where(self.is_spam, 0.4, 0.025))
        return np.where(forgotten, NEVER, moment)

    @cached_property
    def second_disposition(self) -> Ints:
        """When a misrouted complaint was passed on to the right department."""
        dice = self.population.dice
        misrouted = (self.first_department != self.department) & ~self.is_spam
        misrouted &= self.first_disposition < NEVER
        days = 1 + dice.below("complaint/reroute", self.ids, 6)
        moment = np.where(misrouted, self.first_disposition, 0) + days * DAY
        moment = office_moment(moment, dice.uniform("complaint/reroute/clock", self.ids))
        return np.where(misrouted, moment, NEVER)

    @cached_property
    def last_disposition(self) -> Ints:
        """When work could begin."""
        rerouted = self.second_disposition < NEVER
        return np.where(rerouted, self.second_disposition, self.first_disposition)

    @cached_property
    def done(self) -> Ints:
        """When it was finished; one in twenty-five never is. One in ten is closed by the nightly
        job, at exactly one o'clock, so that many rows share one ``updated_at``."""
        dice = self.population.dice
        median = np.array([topic.median_days for topic in TOPICS])[self.topic] * self._slowness
        days = dice.lognormal("complaint/resolution", self.ids, median, 0.8)
        never = self.is_spam | (self.last_disposition >= NEVER)
        never |= dice.chance("complaint/stuck", self.ids, 0.04)
        start = np.where(never, 0, self.last_disposition)
        moment = start + HOUR + (days * DAY).astype(np.int64)
        moment = office_moment(moment, dice.uniform("complaint/done/clock", self.ids))
        nightly = (moment // DAY + 1) * DAY + HOUR
        moment = np.where(dice.chance("complaint/nightly", self.ids, 0.1), nightly, moment)
        return np.where(never, NEVER, moment)

    @cached_property
    def refused(self) -> Ints:
        """When spam was recognised."""
        days = 1 + self.population.dice.below("complaint/refused", self.ids, 4)
        moment = self.reported + days * DAY + 9 * HOUR
        moment = np.maximum(
            moment, np.where(self.first_disposition < NEVER, self.first_disposition, 0) + HOUR
        )
        return np.where(self.is_spam, moment, NEVER)

    @cached_property
    def purged(self) -> Ints:
        """When spam was deleted for good, with everything that hung on it."""
        day = (self.reported // DAY + _SPAM_KEPT_DAYS) * DAY
        day = np.maximum(day, (np.where(self.is_spam, self.refused, 0) // DAY + 2) * DAY)
        return np.where(self.is_spam, day + 3 * HOUR, NEVER)

    @cached_property
    def is_present(self) -> Bools:
        """Whether the row is in the database this morning."""
        return (self.seen < self.now) & (self.purged >= self.now)

    @cached_property
    def status(self) -> Ints:
        """LAKSA's status this morning: 0 new, 1 in progress, 2 done, 9 spam."""
        status = np.where(self.first_disposition < self.now, 1, 0)
        status = np.where(self.done < self.now, 2, status)
        return np.where(self.refused < self.now, 9, status)

    @cached_property
    def updated(self) -> Ints:
        """When the row last changed, as the row says."""
        events = (self.first_disposition, self.second_disposition, self.done, self.refused)
        updated = self.reported
        for event in events:
            updated = np.where(event < self.now, np.maximum(updated, event), updated)
        return updated
