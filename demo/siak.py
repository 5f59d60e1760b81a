"""SIAK, the population register: what its newest weekly export holds.

The dirt of a register: a household listed twice since its old family card was never cancelled,
people with two identity numbers from the time before the electronic card, deaths nobody reported.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo import civil_status, siak_texts
from demo.days import NEVER, day_number, weekday
from demo.dice import Bools, Ints
from demo.moves import OUTSIDE, Home, Moves
from demo.population import Population
from demo.registration import Habits, Registration
from demo.siak_moves import move_table
from demo.siak_schema import FAMILIES, POPULATION
from demo.table import Table
from demo.vital_events import Births, Deaths, known_since

HABITS = Habits(
    name_typo=0.002,
    name_short=0.002,
    name_title=0.003,
    birth_swapped=0.001,
    birth_year=0.001,
    birth_first=0.003,
    sex_wrong=0.001,
    capitals=1.0,
)
"""With the card on the counter."""
SECOND_HABITS = Habits(
    name_typo=0.06,
    name_short=0.08,
    name_title=0.04,
    name_married=0.05,
    birth_swapped=0.01,
    birth_year=0.02,
    birth_first=0.02,
    capitals=1.0,
)
"""Of entries that somebody made once more, by hand."""

_SECOND_NUMBERS = 0.0025  # of adults
_SECOND_SERIAL = 5_000  # what the serial of a second identity number is ahead of the first
_ALIVE, _MOVED, _DEAD = 0, 1, 2
_STATUSES = ("HIDUP", "PINDAH", "MENINGGAL")
# What kind of entry a row is: its id is 4 * person + one of these.
_MAIN, _OLD_CARD, _LATER_OLD_CARD, _SECOND_NUMBER = range(4)


def export_day(day: date) -> int:
    """The Monday (a day number) whose morning the newest export shows, on the morning of a day."""
    today = day_number(day)
    return today - int(weekday(np.array([today]))[0])


def siak_tables(population: Population, day: date) -> list[Table]:
    """``penduduk``, ``keluarga`` and ``perpindahan`` as the newest export has them, the last with
    all moves since the history began."""
    return register_tables(population, export_day(day))


def register_tables(population: Population, monday: int) -> list[Table]:
    """The tables on the morning of a day number."""
    register = Register(Moves(population), monday)
    return [register.people_table(), register.family_table(), move_table(register.moves, monday)]


@dataclass(frozen=True)
class Register:
    """The register on the morning of a day."""

    moves: Moves
    day: int

    @property
    def population(self) -> Population:
        """Whose register it is."""
        return self.moves.population

    @cached_property
    def _deaths(self) -> Deaths:
        return Deaths(self.population)

    @cached_property
    def _births(self) -> Births:
        return Births(self.moves, self.day)

    @cached_property
    def _home(self) -> Ints:
        return self.moves.home(self.day)

    @cached_property
    def _known(self) -> Bools:
        """Which citizens' births the register has heard of."""
        return known_since(self.population) < self.day

    @cached_property
    def _rows(self) -> Ints:
        """Ids of all rows: those of citizens, then those of children born since the opening."""
        moves, household = self.moves, self.population.household
        citizens = self.population.citizens
        home = self._home[household]
        ever = (home != Home.EARLIER) | (self.moves.kelurahan[Home.EARLIER][household] != OUTSIDE)
        ever &= self._known
        old = self._known & moves.kept_old_card[0][household] & (home != Home.EARLIER)
        later_old = self._known & moves.kept_old_card[1][household] & (home == Home.LATER)
        share = min(1.0, _SECOND_NUMBERS * self.population.spec.dirtiness)
        second = self.population.dice.chance("siak/second", citizens, share) & ever
        second &= self.population.birth_day < day_number(self.population.spec.opened) - 30 * 365
        newborn = self._births.ids[self._births.known(self.day)]
        return np.concatenate(
            [
                citizens[ever] * 4 + _MAIN,
                citizens[old] * 4 + _OLD_CARD,
                citizens[later_old] * 4 + _LATER_OLD_CARD,
                citizens[second] * 4 + _SECOND_NUMBER,
                newborn * 4 + _MAIN,
            ]
        )

    def people_table(self) -> Table:
        """``penduduk``: a row a person and family card."""
        ids = self._rows
        people, kind = ids // 4, ids % 4
        is_citizen = people < self.population.spec.citizens
        status, _ = self._status(ids)
        is_widowed = self._widowed_on(ids) < self.day
        main = self._written(HABITS, "siak").errors(*self._entries(ids, kind == _MAIN))
        more = self._written(SECOND_HABITS, "siak/again").errors(*self._entries(ids, kind > _MAIN))
        unreported = self._deaths.day[np.where(is_citizen, people, 0)] < self.day
        dirt = {name: np.concatenate([rows, more[name]]) for name, rows in main.items()}
        return Table(
            "penduduk",
            "NIK",
            ids,
            self._home_of(ids) + 4 * status + 16 * is_widowed,
            lambda at: self._people_rows(ids[at]),
            key_text=self._people_keys,
            dirt={name: rows for name, rows in dirt.items() if len(rows)}
            | {
                "listed_twice": ids[(kind == _OLD_CARD) | (kind == _LATER_OLD_CARD)],
                "second_nik": ids[kind == _SECOND_NUMBER],
                "dead_but_alive": ids[is_citizen & unreported & (status == _ALIVE)],
            },
            people=np.where(is_citizen, people, -1),
            homes=self._kelurahan_of(ids),
        )

    def _written(self, habits: Habits, label: str) -> Registration:
        return Registration(self.population, label, habits)

    def _entries(self, ids: Ints, chosen: Bools) -> tuple[Ints, Ints]:
        """The chosen rows that are of citizens, and who they are of."""
        some = ids[chosen & (ids // 4 < self.population.spec.citizens)]
        return some, some // 4

    def _parents(self, ids: Ints) -> Ints:
        """The citizen each row is about; of a child born since the opening, its mother."""
        people = ids // 4
        born = np.flatnonzero(people >= self.population.spec.citizens)
        someone = people.copy()
        someone[born] = self._births.mother[people[born] - self.population.spec.citizens]
        return someone

    def _home_of(self, ids: Ints) -> Ints:
        """Which home of its household each row shows."""
        kind, now = ids % 4, self._home[self.population.household[self._parents(ids)]]
        home = np.where(kind == _OLD_CARD, Home.EARLIER, now)
        home = np.where(kind == _LATER_OLD_CARD, Home.OPENING, home)
        # Who left is listed where they lived last; and a second number nobody moves along.
        house = self.population.household[self._parents(ids)]
        left = self.moves.kelurahan[home, house] == OUTSIDE
        home = np.where(left | (kind == _SECOND_NUMBER), np.minimum(home, Home.OPENING), home)
        return np.where(self.moves.kelurahan[home, house] == OUTSIDE, Home.OPENING, home)

    def _kelurahan_of(self, ids: Ints) -> Ints:
        house = self.population.household[self._parents(ids)]
        kelurahan: Ints = self.moves.kelurahan[self._home_of(ids), house]
        return kelurahan

    def _status(self, ids: Ints) -> tuple[Ints, Ints]:
        """The status of each row and the day it got it; ``NEVER`` for who is simply alive."""
        people, kind, parents = ids // 4, ids % 4, self._parents(ids)
        house = self.population.household[parents]
        gone = (self._home[house] == Home.LATER) & (
            self.moves.kelurahan[Home.LATER, house] == OUTSIDE
        )
        is_citizen = people < self.population.spec.citizens
        heard = np.where(is_citizen, self._deaths.registered[parents], NEVER)
        dead = (heard < self.day) & (heard <= np.where(gone, self.moves.later_day[house], NEVER))
        # Nobody looks after the entries that should not be there.
        status = np.where(kind > _MAIN, _ALIVE, np.where(dead, _DEAD, np.where(gone, _MOVED, 0)))
        since = np.where(status == _DEAD, heard, self.moves.later_day[house])
        return status, np.where(status == _ALIVE, NEVER, since)

    def _widowed_on(self, ids: Ints) -> Ints:
        """The day the register heard of the death of each one's spouse; ``NEVER`` without."""
        people, kind = ids // 4, ids % 4
        spouse = self.population.spouse[np.where(people < self.population.spec.citizens, people, 0)]
        applies = (people < self.population.spec.citizens) & (spouse >= 0) & (kind == _MAIN)
        return np.where(applies, self._deaths.registered[spouse], NEVER)

    def _nik(self, ids: Ints) -> Ints:
        people, kind, count = ids // 4, ids % 4, self.population.spec.citizens
        nik: Ints = self.population.nik[np.minimum(people, count - 1)]
        nik = nik + _SECOND_SERIAL * (kind == _SECOND_NUMBER)
        born = np.flatnonzero(people >= count)
        nik[born] = self._births.nik[people[born] - count]
        return nik

    def _card(self, ids: Ints) -> Ints:
        card: Ints = self.moves.card[
            self._home_of(ids), self.population.household[self._parents(ids)]
        ]
        return card

    def _people_keys(self, ids: Ints) -> pa.Array:
        """``NIK/NO_KK``: a person may be listed with two family cards."""
        nik = pa.array(self._nik(ids)).cast(pa.string())
        return pc.binary_join_element_wise(nik, siak_texts.card_texts(self._card(ids)), "/")

    def _people_rows(self, ids: Ints) -> pa.Table:
        population, dice, moves = self.population, self.population.dice, self.moves
        people, kind, parents = ids // 4, ids % 4, self._parents(ids)
        count = population.spec.citizens
        born = people >= count
        child = np.where(born, people - count, 0)
        main, again = self._written(HABITS, "siak"), self._written(SECOND_HABITS, "siak/again")
        is_main, is_born = pa.array(kind == _MAIN), pa.array(born)
        name = pc.if_else(is_main, main.name(ids, parents), again.name(ids, parents))
        birth = np.where(kind == _MAIN, main.birth_day(ids, parents), again.birth_day(ids, parents))
        women = main.is_woman(ids, parents)
        place = civil_status.birth_places(population, parents)
        marital = civil_status.marital_statuses(
            population, parents, self._widowed_on(ids) < self.day
        )
        relation = civil_status.relations(population, parents)
        occupation = civil_status.occupations(population, parents)
        if born.any():
            name = pc.if_else(is_born, pc.utf8_upper(self._births.names(child)), name)
            birth = np.where(born, self._births.day[child], birth)
            women = np.where(born, self._births.is_girl[child], women)
            place = pc.if_else(is_born, "TANGERANG", place)
            marital = pc.if_else(is_born, "BELUM KAWIN", marital)
            relation = pc.if_else(is_born, "ANAK", relation)
            occupation = pc.if_else(is_born, "BELUM/TIDAK BEKERJA", occupation)
        house, home = population.household[parents], self._home_of(ids)
        address = moves.home_ids(house, home)
        status, since = self._status(ids)
        widowed = self._widowed_on(ids)
        changed = np.maximum(moves.card_day[home, house], np.where(since < NEVER, since, 0))
        changed = np.maximum(changed, np.where(widowed < self.day, widowed, birth))
        if born.any():
            changed = np.where(born, np.maximum(changed, self._births.registered[child]), changed)
        return pa.table(
            [
                pa.array(self._nik(ids)).cast(pa.string()),
                siak_texts.card_texts(self._card(ids)),
                name,
                siak_texts.sex_texts(dice, ids, women),
                place,
                siak_texts.birth_date_texts(dice, ids, birth),
                civil_status.religions(population, parents),
                marital,
                relation,
                occupation,
                pc.utf8_upper(population.streets(address)),
                siak_texts.neighbourhood_texts(dice, ids, *population.neighbourhoods(address)),
                siak_texts.kelurahan_codes(population.areas, moves.kelurahan[home, house]),
                pa.array(_STATUSES).take(pa.array(status)),
                siak_texts.date_texts(since),
                siak_texts.date_texts(changed),
            ],
            names=list(POPULATION),
        )

    def family_table(self) -> Table:
        """``keluarga``: a row a family card, those of homes before the present one included."""
        moves, homes = self.moves, self.moves.households
        reached = np.stack([np.full(len(homes), home) <= self._home for home in Home])
        moved = moves.earlier_day != NEVER
        reached[Home.EARLIER] &= moved
        at, house = np.nonzero(reached & (moves.kelurahan != OUTSIDE))
        ids = house * 4 + at
        current = at == self._home[house]
        kept = np.where(at == Home.EARLIER, moves.kept_old_card[0][house], False)
        kept |= (at == Home.OPENING) & moves.kept_old_card[1][house]
        members = np.where(current, self._members[house], self._first_size[house])
        active = current | kept
        return Table(
            "keluarga",
            "NO_KK",
            ids,
            members * 2 + active,
            lambda rows: self._family_rows(house[rows], at[rows], members[rows], active[rows]),
            key_text=lambda some: siak_texts.card_texts(moves.card[some % 4, some // 4]),
            dirt={"never_cancelled": ids[kept & ~current]},
            people=moves.first_member[house],
            homes=moves.kelurahan[at, house],
        )

    @cached_property
    def _first_size(self) -> Ints:
        return np.bincount(self.population.household, minlength=len(self.moves.households))

    @cached_property
    def _members(self) -> Ints:
        """Living members the register knows of, by household."""
        household = self.population.household
        gone = household[(self._deaths.registered < self.day) | ~self._known]
        born = household[self._births.mother[self._births.known(self.day)]]
        count = len(self.moves.households)
        return (
            self._first_size
            - np.bincount(gone, minlength=count)
            + np.bincount(born, minlength=count)
        )

    def _family_rows(self, house: Ints, home: Ints, members: Ints, active: Bools) -> pa.Table:
        population, moves = self.population, self.moves
        head = moves.first_member[house]
        ids = house * 4 + home
        address = moves.home_ids(house, home)
        return pa.table(
            [
                siak_texts.card_texts(moves.card[home, house]),
                population.nik_text(head),
                self._written(HABITS, "siak/family").name(ids, head),
                pc.utf8_upper(population.streets(address)),
                siak_texts.neighbourhood_texts(
                    population.dice, ids, *population.neighbourhoods(address)
                ),
                siak_texts.kelurahan_codes(population.areas, moves.kelurahan[home, house]),
                pa.array(members).cast(pa.string()),
                siak_texts.date_texts(moves.card_day[home, house]),
                pa.array(("BATAL", "AKTIF")).take(pa.array(active.astype(np.int64))),
            ],
            names=list(FAMILIES),
        )
