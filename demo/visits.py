"""Visits to the clinics and the patients' cards they led to, as numbers."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from demo.clinics import Clinics
from demo.days import DAY, HOUR, Stream, day_number, midnight, month_index, weekday
from demo.dice import Bools, Ints
from demo.diseases import DAYS_A_YEAR
from demo.population import Population

VISITS_A_YEAR = 1.5
"""Of one user of a clinic."""
_USERS = (0.75, 0.42, 0.5, 0.27, 0.58)  # under 5, under 15, women and men under 50, older
_WEEK = np.array([1.5, 1.3, 1.25, 1.2, 1.0, 0.65, 0.1])  # Monday first
_MONTHS = np.array([1.15, 1.18, 1.12, 1.02, 0.95, 0.9, 0.88, 0.9, 0.93, 0.97, 1.0, 1.08])
_HOURS = np.array([0, 0, 0, 0, 0, 0, 0, 3, 12, 13, 11, 7, 3, 2, 1, 0.3, 0, 0, 0, 0, 0, 0, 0, 0])


@dataclass(frozen=True)
class Visits:
    """Every visit up to the morning of ``today``, by position (id − 1), and every patient's card.

    A person has a card at each clinic they went to, and another where the first was lost.
    """

    population: Population
    clinics: Clinics
    today: date

    @cached_property
    def now(self) -> int:
        """The morning's midnight."""
        return midnight(self.today)

    @cached_property
    def users(self) -> Ints:
        """Citizens who go to the clinics, the most frequent visitors first."""
        people, dice = self.population, self.population.dice
        years = (day_number(people.spec.opened) - people.birth_day) / DAYS_A_YEAR
        adult = np.where(people.women, _USERS[2], _USERS[3])
        share = np.select(
            [years < 5, years < 15, years < 50], [_USERS[0], _USERS[1], adult], _USERS[4]
        )
        users = np.flatnonzero(dice.chance("clinic/user", people.citizens, share))
        users = users if len(users) else people.citizens[:1]
        return users[np.argsort(dice.uniform("clinic/order", users), kind="stable")]

    @cached_property
    def stream(self) -> Stream:
        """How many came on each day; more in wet months, few at weekends."""
        spec = self.population.spec
        days = np.arange(day_number(spec.history_start), day_number(self.today))
        mean = len(self.users) * VISITS_A_YEAR / DAYS_A_YEAR
        means = mean * _WEEK[weekday(days)] * _MONTHS[month_index(days * DAY)]
        return Stream.daily(
            self.population.dice, "visit", spec.history_start, self.today, np.maximum(means, 1.0)
        )

    @cached_property
    def ids(self) -> Ints:
        """Positions of all visits, those that were entered by mistake among them."""
        return np.arange(self.stream.total)

    @cached_property
    def moment(self) -> Ints:
        """When each was entered: at the counter, on the day."""
        return self.stream.moments(self.population.dice, "visit", _HOURS)

    @cached_property
    def person(self) -> Ints:
        """Who came. Some come often."""
        place = self.population.dice.uniform("visit/who", self.ids) ** 1.4
        return self.users[(place * len(self.users)).astype(np.int64)]

    @cached_property
    def coded(self) -> Ints:
        """When the diagnosis was coded: mostly at once, else some days later, in the afternoon."""
        late = self.population.dice.chance("visit/coded-late", self.ids, 0.2)
        days = 1 + self.population.dice.below("visit/coded-after", self.ids, 4)
        later = (self.moment // DAY + days) * DAY + 14 * HOUR + self.ids % HOUR
        return np.where(late, later, self.moment)

    @cached_property
    def kept(self) -> Ints:
        """Positions that are in the table: what was entered by mistake is deleted soon."""
        dice = self.population.dice
        gone_after = (2 + dice.below("visit/deleted-after", self.ids, 5)) * DAY
        gone = self.is_mistake & (self.moment + gone_after < self.now)
        return np.flatnonzero(~gone)

    @cached_property
    def is_mistake(self) -> Bools:
        """Whether it was entered by mistake, for somebody who was not there: often the last of a
        busy day."""
        dice, stream = self.population.dice, self.stream
        hurried = stream.is_last & (stream.rank >= 4) & dice.chance("visit/hurried", self.ids, 0.4)
        return hurried | dice.chance("visit/mistake", self.ids, 0.003)

    @cached_property
    def _card(self) -> tuple[Ints, Ints, Ints]:
        """For each visit the card; for each card its key and first visit. In order of time."""
        dice, person = self.population.dice, self.person
        home = self.population.kelurahan[person]
        # Three in twenty also go to the clinic near work, every third time.
        two = dice.chance("clinic/second", person, 0.15)
        away = two & dice.chance("visit/second", self.ids, 0.35)
        clinic = np.where(away, self.clinics.second[home], self.clinics.nearest[home])
        lost = dice.chance("clinic/lost-card", person, 0.03) & dice.chance(
            "visit/lost", self.ids, 0.5
        )
        key = (person * len(self.clinics.codes) + clinic) * 2 + lost
        keys, first, which = np.unique(key, return_index=True, return_inverse=True)
        order = np.argsort(first, kind="stable")
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        return rank[which], keys[order], first[order]

    @property
    def patient(self) -> Ints:
        """The card's position, for each visit; cards are numbered as they are first used."""
        return self._card[0]

    @cached_property
    def patient_person(self) -> Ints:
        """The citizen on each card."""
        people: Ints = self._card[1] // 2 // len(self.clinics.codes)
        return people

    @cached_property
    def patient_clinic(self) -> Ints:
        """The clinic of each card."""
        clinics: Ints = self._card[1] // 2 % len(self.clinics.codes)
        return clinics

    @cached_property
    def patient_created(self) -> Ints:
        """When each card was made: minutes before its first visit, on the same day."""
        first = self.moment[self._card[2]]
        wait = 60 + self.population.dice.below("patient/wait", np.arange(len(first)), 900)
        created: Ints = np.maximum(first - wait, first // DAY * DAY)
        return created

    @cached_property
    def patient_changes(self) -> tuple[Ints, Ints]:
        """For each card: how often the counter asked for the phone again, and when last."""
        asked = self.population.dice.chance("patient/asked-again", self.ids, 0.04)
        asked[self._card[2]] = False
        last = np.full(len(self.patient_person), -1)
        np.maximum.at(last, self.patient[asked], self.moment[asked])
        return np.bincount(self.patient[asked], minlength=len(last)), last

    @cached_property
    def patient_number(self) -> Ints:
        """The number of each card within its clinic, from 1."""
        clinic = self.patient_clinic
        order = np.argsort(clinic, kind="stable")
        ordered = clinic[order]
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order)) - np.searchsorted(ordered, ordered) + 1
        return rank
