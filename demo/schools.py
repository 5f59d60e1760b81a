"""The city's schools, and which pupil is on whose list in which month, as numbers."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.days import DAY, HOUR, day_number
from demo.dice import Bools, Ints
from demo.population import Population

LEVELS = ("SD", "SMP")
FIRST_YEARS = (7, 13)
"""The age at which pupils of each level begin."""
LAST_YEARS = (12, 15)
_PUPILS_A_SCHOOL = 200
_PUPILS_A_CLASS = 28
_FIRST_NPSN = 20_605_000
_ABROAD = 0.08
_MOVES = 0.25
_MOVING_MONTHS = 36
"""Of those who ever change their school, each does so in one of these months."""
_PRIVATE = (
    "Al Hidayah", "Al Ikhlas", "An Nur", "Bina Bangsa", "Budi Luhur", "Cendekia", "Darul Ulum",
    "Harapan Bunda", "Islamic Village", "Kasih Ibu", "Mutiara", "Nurul Iman", "Pelita", "Permata",
    "Strada", "Tunas Harapan", "Yuppentek",
)  # fmt: skip


@dataclass(frozen=True)
class Schools:
    """Schools by position, kecamatan by kecamatan and level by level, and the lists of pupils that
    lie in the folder on the morning of ``today``. Schools send theirs once a month."""

    population: Population
    today: date

    @cached_property
    def _group_sizes(self) -> Ints:
        """Schools of each group, a group being ``kecamatan × 2 + level``."""
        people = self.population
        kecamatan = people.areas.kecamatan_of[people.kelurahan]
        years = _years(people.birth_day, day_number(people.spec.opened))
        counts = []
        for level, (first, last) in enumerate(zip(FIRST_YEARS, LAST_YEARS, strict=True)):
            is_pupil = (years >= first) & (years <= last)
            pupils = np.bincount(kecamatan[is_pupil], minlength=len(people.areas.kecamatan_codes))
            counts.append(np.maximum(2 - level, np.rint(pupils / _PUPILS_A_SCHOOL)))
        sizes: Ints = np.stack(counts, axis=1).ravel().astype(np.int64)
        return sizes

    @cached_property
    def group(self) -> Ints:
        """The group of each school: ``kecamatan × 2 + level``."""
        return np.repeat(np.arange(len(self._group_sizes)), self._group_sizes)

    @cached_property
    def kelurahan(self) -> Ints:
        """Where each school stands."""
        areas, ids = self.population.areas, np.arange(len(self.group))
        sizes = np.bincount(areas.kecamatan_of)
        first = np.searchsorted(areas.kecamatan_of, np.arange(len(sizes)))
        place = self.group // 2
        inside = self.population.dice.below("school/where", ids, sizes[place])
        order = np.argsort(areas.kecamatan_of, kind="stable")
        standing: Ints = order[first[place] + inside]
        return standing

    @cached_property
    def is_private(self) -> Bools:
        """Whether a foundation runs it."""
        ids = np.arange(len(self.group))
        return self.population.dice.chance("school/private", ids, 0.22)

    @cached_property
    def names(self) -> list[str]:
        """Names, unique in the city and short enough for a sheet (31 characters)."""
        areas, counts = self.population.areas, dict[str, int]()
        names = []
        for school, kelurahan in enumerate(self.kelurahan.tolist()):
            level = LEVELS[self.group[school] % 2]
            if self.is_private[school]:
                place = self.population.dice.below("school/name", np.array([school]), len(_PRIVATE))
                base = f"{level}S {_PRIVATE[int(place[0])]}"
            else:
                base = f"{level}N {areas.kelurahan_names[kelurahan]}"
            counts[base] = counts.get(base, 0) + 1
            names.append(f"{base} {counts[base]}")
        return names

    @cached_property
    def npsn(self) -> Ints:
        """National school numbers, 8 digits."""
        return _FIRST_NPSN + 3 * np.arange(len(self.group))

    def sent(self, group: int) -> date:
        """When the list in the folder was sent: on a day of each month that is the group's own."""
        day_of_month = 2 + group % 7
        sent = self.today.replace(day=day_of_month)
        if sent < self.today:
            return sent
        last = self.today.month == 1
        return sent.replace(year=self.today.year - last, month=12 if last else self.today.month - 1)

    def sent_moment(self, group: int) -> int:
        """The same, to the second."""
        return day_number(self.sent(group)) * DAY + 10 * HOUR + 97 * group

    @cached_property
    def lists(self) -> "Lists":
        """All lists as they lie in the folder."""
        groups = len(self._group_sizes)
        sent = np.array([day_number(self.sent(group)) for group in range(groups)])
        return Lists.of(self, sent)

    @cached_property
    def first_school(self) -> Ints:
        """The first school of each group."""
        first: Ints = np.cumsum(self._group_sizes) - self._group_sizes
        return first

    def school_of(self, label: str, people: Ints, level: Ints) -> Ints:
        """A school of the level for each pupil: mostly in their own kecamatan."""
        population, dice = self.population, self.population.dice
        kecamatan = population.areas.kecamatan_of[population.kelurahan[people]]
        elsewhere = dice.below(f"{label}/kecamatan", people, len(population.areas.kecamatan_codes))
        kecamatan = np.where(dice.chance(f"{label}/abroad", people, _ABROAD), elsewhere, kecamatan)
        group = kecamatan * 2 + level
        inside = dice.below(f"{label}/which", people * 2 + level, self._group_sizes[group])
        school: Ints = self.first_school[group] + inside
        return school

    def classes(self, school: Ints) -> Ints:
        """How many parallel classes a school has: the same in every grade."""
        group = self.group[school]
        level = group % 2
        years = np.array(LAST_YEARS)[level] - np.array(FIRST_YEARS)[level] + 1
        people = self.population
        pupils = len(people.citizens) * 0.016 * years / max(1, len(people.areas.kecamatan_codes))
        a_class = np.ceil(pupils / self._group_sizes[group] / years / _PUPILS_A_CLASS)
        parallel: Ints = np.clip(a_class, 1, 8).astype(np.int64)
        return parallel


@dataclass(frozen=True)
class Lists:
    """Rows of the schools' lists: pupil, school, grade 1–9, and class (0 for A)."""

    person: Ints
    school: Ints
    grade: Ints
    letter: Ints
    is_stale: Bools
    """The pupil has left, and the old school has not noticed yet."""
    is_later: Bools
    """The school is the one that a pupil who moved came to."""

    @classmethod
    def of(cls, schools: Schools, sent: Ints) -> "Lists":
        """The lists, those of each group as they were on the day it sent them."""
        people = schools.population
        opened = day_number(people.spec.opened)
        years = _years(people.birth_day, opened)
        # A few years around school age: the city goes on for some years after its opening.
        young = np.flatnonzero((years >= FIRST_YEARS[0] - 3) & (years <= LAST_YEARS[1] + 6))
        parts = [
            _listed(schools, young, group, int(sent[group]), is_stale)
            for is_stale in (False, True)
            for group in range(len(sent))
        ]
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        person, school, grade, letter, stale, later = columns
        order = np.lexsort((person, letter, grade, school))
        return cls(
            person[order],
            school[order],
            grade[order],
            letter[order],
            stale[order].astype(bool),
            later[order].astype(bool),
        )


def _listed(
    schools: Schools, young: Ints, group: int, sent: int, is_stale: bool
) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """The columns of ``Lists``, for the rows of one group's lists."""
    people, dice, level = schools.population, schools.population.dice, group % 2
    grade = grades(people.birth_day[young], sent)
    here = (grade > 0) & (grade <= 9) & ((grade > 6) == bool(level))
    pupil, grade = young[here], grade[here]
    levels = np.full(len(pupil), level)
    school = schools.school_of("school", pupil, levels)
    # Months since the move; those who never move are before it for ever.
    opened = people.spec.opened
    moved = dice.below("school/moved", pupil, _MOVING_MONTHS) - 24
    since = _months(sent) - (opened.year * 12 + opened.month - 1) - moved
    since = np.where(dice.chance("school/moves", pupil, _MOVES), since, -1)
    later = schools.school_of("school/later", pupil, levels)
    # Three in ten who move leave the city's schools.
    leaves = dice.chance("school/leaves", pupil, 0.3)
    now = np.where(since >= 0, np.where(leaves, -1, later), school)
    if is_stale:
        stale = (since == 0) & (now != school) & dice.chance("school/stale", pupil, 0.3)
        now = np.where(stale, school, -1)
    mine = (now >= 0) & (schools.group[np.maximum(now, 0)] == group)
    has_moved = (since[mine] >= 0) & (not is_stale)
    pupil, grade, now = pupil[mine], grade[mine], now[mine]
    letter = dice.below("school/class", pupil, schools.classes(now))
    return pupil, now, grade, letter, np.full(len(pupil), int(is_stale)), has_moved.astype(np.int64)


def grades(birth_day: Ints, day: int) -> Ints:
    """The grade in the school year of that day: by age on 1 July; 1 is the first of primary."""
    return _years(birth_day, day_number(date(school_year(day), 7, 1))) - FIRST_YEARS[0] + 1


def school_year(day: int) -> int:
    """The year in which the school year began; they begin in July."""
    moment = np.datetime64(day, "D").astype(date)
    year: int = moment.year if moment.month >= 7 else moment.year - 1
    return year


def nisn(people: Population, person: Ints) -> pa.Array:
    """National pupil numbers: three digits of the birth year, and seven that nobody shares."""
    year = people.birth_day[person].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    number = (year + 1970) % 1000 * 10_000_000 + (person * 7_919 + 1_234_567) % 10_000_000
    return pc.utf8_lpad(pa.array(number).cast(pa.string()), 10, "0")


def _years(birth_day: Ints, day: int) -> Ints:
    years: Ints = np.floor((day - birth_day) / 365.25).astype(np.int64)
    return years


def _months(day: int) -> int:
    moment = np.datetime64(day, "D").astype(date)
    month: int = moment.year * 12 + moment.month - 1
    return month
