"""How one app wrote down the people it met: their cards, through the hands of its counter.

Every answer is a function of (population, app, habits, entry): an entry is a row of the app, so a
person entered twice is misspelt twice, each time in another way. Errors of one kind (of the number,
of the birth date, of the phone) exclude each other; those of a name add up.
"""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo import name_errors
from demo.dice import Bools, Floats, Ints
from demo.habits import Habits
from demo.place_texts import PlaceStyle, place_texts
from demo.population import EARLIER_PHONE, Population

__all__ = ["Habits", "Registration"]

_NIK = ("nik_missing", "nik_swapped", "nik_digit", "nik_is_head")
_BIRTH = ("birth_swapped", "birth_year", "birth_first")
_PHONE = ("phone_missing", "phone_old")
_NAME = ("name_typo", "name_short", "name_title", "name_married", "name_order")
_PHONE_STYLES = (60, 12, 10, 10, 8)
_NO_TEXT = pa.scalar(None, pa.string())
_CHUNK = 100_000


class Registration:
    """Methods take ``entries`` (row ids of the app) and, aligned with them, ``people`` (positions
    of citizens) and answer for each what the app holds."""

    def __init__(self, population: Population, label: str, habits: Habits) -> None:
        """``label`` names the app (or one table of it, where people are entered again)."""
        self.population = population
        self.habits = habits.scaled(population.spec.dirtiness)
        self._label = f"registration/{label}"
        self._dice = population.dice

    def nik(self, entries: Ints, people: Ints) -> pa.Array:
        """Identity numbers, 16 digits; null where none was given."""
        error = self._nik_error(entries, people)
        number = np.where(error == 3, self.population.head[people], people)
        digits = np.array(self.population.nik[number]).astype("S16")
        digits = digits.view(np.uint8).reshape(len(people), 16)
        wrong = np.flatnonzero(error == 1)
        digits[wrong] = _swapped(digits[wrong], self._how("nik/pair", entries[wrong]))
        wrong = np.flatnonzero(error == 2)
        digits[wrong] = _one_wrong(digits[wrong], self._how("nik/digit", entries[wrong]))
        text = pa.array(digits.view("S16").ravel()).cast(pa.string())
        return pc.if_else(pa.array(error == 0), _NO_TEXT, text)

    def name(self, entries: Ints, people: Ints) -> pa.Array:
        """Names, never null."""
        names = self.population.names(people)
        rows, wrong, _ = self._name_edits(entries, people, names)
        if len(rows):
            mask = np.zeros(len(people), dtype=bool)
            mask[rows] = True
            names = pc.replace_with_mask(names, pa.array(mask), pa.array(wrong, pa.string()))
        capitals = self._chance("capitals", entries)
        return pc.if_else(pa.array(capitals), pc.utf8_upper(names), names)

    def birth_day(self, entries: Ints, people: Ints) -> Ints:
        """Birth dates as written, as day numbers since 1970."""
        born = self.population.birth_day[people]
        error = self._birth_error(entries, people)
        day, month, year = _parts(born)
        off = np.array([-10, -1, 1, 10])[(self._how("birth/off", entries) * 4).astype(np.int64)]
        this_year = self.population.spec.opened.year
        off = np.where(year + off >= this_year, -np.abs(off), off)
        written = np.where(error == 0, _day_number(month, day, year), born)
        written = np.where(error == 1, _day_number(np.minimum(day, 28), month, year + off), written)
        return np.where(
            error == 2, _day_number(np.ones_like(day), np.ones_like(day), year), written
        )

    def is_woman(self, entries: Ints, people: Ints) -> Bools:
        """The sex as written."""
        written: Bools = self.population.women[people] ^ self._chance("sex_wrong", entries)
        return written

    def phone(self, entries: Ints, people: Ints, version: Ints | None = None) -> pa.Array:
        """Mobile numbers in many styles; null where none was given. ``version`` counts the changes
        of number since the opening that the app knows of (default none)."""
        error = self._error(_PHONE, entries)
        current = np.zeros_like(people) if version is None else version
        version = np.where(error == 1, np.where(current > 0, current - 1, EARLIER_PHONE), current)
        number = self.population.phones(people, version)
        parts = [pc.utf8_slice_codeunits(number, start, start + 4) for start in (0, 4, 8)]
        rest = pc.utf8_slice_codeunits(number, 1)
        dashed = pc.binary_join_element_wise(pc.utf8_slice_codeunits(rest, 0, 3), *parts[1:], "-")
        styled = pc.choose(
            pa.array(self._dice.choice(f"{self._label}/phone/style", entries, _PHONE_STYLES)),
            number,
            pc.binary_join_element_wise("+62", dashed, " "),
            pc.binary_join_element_wise("62", rest, ""),
            pc.binary_join_element_wise(*parts, " "),
            pc.binary_join_element_wise(*parts, "-"),
        )
        return pc.if_else(pa.array(error == 0), _NO_TEXT, styled)

    def place(self, entries: Ints, kelurahan: Ints, style: PlaceStyle) -> pa.Array:
        """The place of each entry, which truly lies in ``kelurahan`` (positions), as a name or a
        code in the given style; now and then misspelt, foreign, blank or null."""
        population = self.population
        return place_texts(
            self._dice, f"{self._label}/place", population.areas, entries, kelurahan, style,
            population.spec.dirtiness,
        )  # fmt: skip

    def errors(self, entries: Ints, people: Ints) -> dict[str, Ints]:
        """The entries that really got each error, by the name of the habit; capitals left out.

        In pieces, since names are made for it.
        """
        found: dict[str, list[Ints]] = {kind: [] for kind in (*_NIK, *_NAME, *_BIRTH, *_PHONE)}
        found["sex_wrong"] = []
        for start in range(0, len(entries), _CHUNK):
            some, who = entries[start : start + _CHUNK], people[start : start + _CHUNK]
            for kinds, error in (
                (_NIK, self._nik_error(some, who)),
                (_BIRTH, self._birth_error(some, who)),
                (_PHONE, self._error(_PHONE, some)),
            ):
                for number, kind in enumerate(kinds):
                    found[kind].append(some[error == number])
            rows, _, edits = self._name_edits(some, who, self.population.names(who))
            for kind in _NAME:
                found[kind].append(some[rows[[kind in edit for edit in edits]]])
            found["sex_wrong"].append(some[self._chance("sex_wrong", some)])
        return {
            kind: np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
            for kind, parts in found.items()
        }

    def _chance(self, habit: str, entries: Ints) -> Bools:
        probability: float = getattr(self.habits, habit)
        return self._dice.chance(f"{self._label}/{habit}", entries, probability)

    def _how(self, label: str, entries: Ints) -> Floats:
        return self._dice.uniform(f"{self._label}/{label}", entries)

    def _error(self, kinds: tuple[str, ...], entries: Ints) -> Ints:
        """Which of the kinds each entry got, by position; -1 for none."""
        edges = np.cumsum([getattr(self.habits, kind) for kind in kinds])
        drawn = np.searchsorted(edges, self._how(kinds[0], entries), side="right")
        error: Ints = np.where(drawn < len(kinds), drawn, -1)
        return error

    def _nik_error(self, entries: Ints, people: Ints) -> Ints:
        error = self._error(_NIK, entries)
        return np.where((error == 3) & (self.population.head[people] == people), -1, error)

    def _birth_error(self, entries: Ints, people: Ints) -> Ints:
        error = self._error(_BIRTH, entries)
        day, month, year = _parts(self.population.birth_day[people])
        swaps = (day <= 12) & (day != month)
        # A child born this year would come into the world after the day it was written down.
        swaps &= year < self.population.spec.opened.year
        error = np.where((error == 0) & ~swaps, -1, error)
        return np.where((error == 2) & (day == 1) & (month == 1), -1, error)

    def _name_edits(
        self, entries: Ints, people: Ints, names: pa.Array
    ) -> tuple[Ints, list[str], list[set[str]]]:
        """The rows with errors in the name, their texts, and the errors of each."""
        chosen = {kind: self._chance(kind, entries) for kind in _NAME}
        spouse = self.population.spouse[people]
        chosen["name_married"] &= self.population.women[people] & (spouse >= 0)
        rows = np.flatnonzero(np.logical_or.reduce(list(chosen.values())))
        how = {kind: self._how(f"{kind}/how", entries[rows]) for kind in _NAME}
        husbands = self.population.names(np.maximum(spouse[rows], 0)).to_pylist()
        women = self.population.women[people[rows]]
        texts, edits = names.take(pa.array(rows)).to_pylist(), []
        for at, row in enumerate(rows):
            done = set()
            for kind, edit in _editors(husbands[at], bool(women[at])).items():
                if chosen[kind][row] and (text := edit(texts[at], float(how[kind][at]))):
                    texts[at] = text
                    done.add(kind)
            edits.append(done)
        return rows, texts, edits


def _editors(husband: str, is_woman: bool) -> dict[str, Callable[[str, float], str | None]]:
    """The edits in the order in which they happen: the typo comes last."""
    return {
        "name_married": lambda name, how: name_errors.married(name, how, husband),
        "name_short": name_errors.short,
        "name_order": name_errors.order,
        "name_title": lambda name, how: name_errors.title(name, how, is_woman),
        "name_typo": name_errors.typo,
    }


def _swapped(digits: np.ndarray, how: Floats) -> np.ndarray:
    """Two neighbouring, different digits of each row swapped."""
    rows = np.arange(len(digits))
    order = ((how * 15).astype(np.int64)[:, None] + np.arange(15)) % 15
    differs = np.take_along_axis(digits[:, 1:] != digits[:, :-1], order, axis=1)
    at = order[rows, differs.argmax(axis=1)] if len(rows) else rows
    swapped = digits.copy()
    swapped[rows, at], swapped[rows, at + 1] = digits[rows, at + 1], digits[rows, at]
    return swapped


def _one_wrong(digits: np.ndarray, how: Floats) -> np.ndarray:
    """One digit of each row replaced by another."""
    at = (how * 16).astype(np.int64)
    step = 1 + (how * 16 % 1 * 9).astype(np.int64)
    wrong = digits.copy()
    rows = np.arange(len(digits))
    wrong[rows, at] = (digits[rows, at] - ord("0") + step) % 10 + ord("0")
    return wrong


def _parts(day_numbers: Ints) -> tuple[Ints, Ints, Ints]:
    """Day, month and year."""
    days = day_numbers.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    month = months.astype(np.int64)
    return (days - months).astype(np.int64) + 1, month % 12 + 1, month // 12 + 1970


def _day_number(day: Ints, month: Ints, year: Ints) -> Ints:
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    numbers: Ints = months.astype("datetime64[D]").astype(np.int64) + day - 1
    return numbers
