"""Time in the demo: whole seconds of local clock time since 1970, and what each day brings."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from demo.dice import Bools, Dice, Floats, Ints

DAY = 86_400
HOUR = 3_600
NEVER = 2**53
"""A moment that does not come (still exact as a float)."""

ZERO_DATE = "0000-00-00 00:00:00"

HOLIDAYS_FILE = (
    Path(__file__).resolve().parent.parent / "dbt_project" / "seeds" / "seed_holidays.csv"
)

# In years without a decree yet, the national holidays that have a fixed date.
_FIXED_HOLIDAYS = ("01-01", "05-01", "06-01", "08-17", "12-25")


def _holidays() -> npt.NDArray[np.datetime64]:
    """The warehouse's own holidays and joint leave, so that both count working days alike."""
    with HOLIDAYS_FILE.open(encoding="utf-8", newline="") as file:
        decreed = [row["holiday_date"] for row in csv.DictReader(file)]
    years = {day[:4] for day in decreed}
    fixed = [
        f"{year}-{day}"
        for year in map(str, range(2015, 2036))
        if year not in years
        for day in _FIXED_HOLIDAYS
    ]
    return np.array([*decreed, *fixed], dtype="datetime64[D]")


_HOLIDAYS = _holidays()


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - date(1970, 1, 1)).days


def midnight(day: date) -> int:
    """The first second of a day."""
    return day_number(day) * DAY


def month_index(moments: Ints) -> Ints:
    """0 for January … 11 for December."""
    return (moments // DAY).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12


def weekday(day_numbers: Ints) -> Ints:
    """0 for Monday … 6 for Sunday."""
    return (day_numbers + 3) % 7


def year(moments: Ints) -> Ints:
    """Calendar years."""
    years = (moments // DAY).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    return years + 1970


def office_moment(moments: Ints, spread: Floats) -> Ints:
    """The moment itself if an office is open then (Monday to Friday, 08–16), else in the next
    office hours; ``spread`` in [0, 1) says when during that day."""
    days = moments // DAY
    clock = moments - days * DAY
    working = np.is_busday(days.astype("datetime64[D]"), holidays=_HOLIDAYS)
    inside = working & (clock >= 8 * HOUR) & (clock < 16 * HOUR)
    next_day = np.where(clock < 8 * HOUR, days, days + 1).astype("datetime64[D]")
    open_day = np.busday_offset(next_day, 0, roll="forward", holidays=_HOLIDAYS).astype(np.int64)
    shifted = open_day * DAY + 8 * HOUR + (spread * 8 * HOUR).astype(np.int64)
    return np.where(inside, moments, shifted)


def working_days_later(moments: Ints, working_days: Floats, spread: Floats) -> Ints:
    """The moment that many working days on, always later and in office hours."""
    whole = working_days.astype(np.int64)
    days = np.busday_offset(
        (moments // DAY).astype("datetime64[D]"), whole, roll="forward", holidays=_HOLIDAYS
    ).astype(np.int64)
    moment = days * DAY + 8 * HOUR + (spread * 8 * HOUR).astype(np.int64)
    return np.where(moment > moments, moment, office_moment(moments + HOUR, spread))


def clock_text(moments: Ints, suffix: str = "", *, never: str | None = None) -> pa.Array:
    """``YYYY-MM-DD HH:MM:SS`` plus ``suffix``; NEVER becomes ``never`` (default: null)."""
    is_never = moments >= NEVER
    stamps = pa.array(np.where(is_never, 0, moments).astype("datetime64[s]"))
    text = pc.binary_join_element_wise(stamps.cast(pa.string()), suffix, "")
    return pc.if_else(pa.array(is_never), pa.scalar(never, pa.string()), text)


@dataclass(frozen=True)
class Stream:
    """Things that happen some number of times a day, numbered from 0 through all days."""

    first_day: int
    counts: Ints

    @classmethod
    def daily(cls, dice: Dice, label: str, start: date, end: date, means: Floats) -> "Stream":
        """From ``start`` up to, not with, ``end``; ``means`` is the expected number of each day."""
        days = np.arange(day_number(start), day_number(end))
        counts = np.floor(means + dice.uniform(f"{label}/count", days)).astype(np.int64)
        return cls(day_number(start), counts)

    @cached_property
    def starts(self) -> Ints:
        """How many came before each day."""
        return np.concatenate([[0], np.cumsum(self.counts)]).astype(np.int64)

    @property
    def total(self) -> int:
        """How many there are."""
        return int(self.starts[-1])

    @cached_property
    def day(self) -> Ints:
        """The day offset (0 = first day) of each."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def rank(self) -> Ints:
        """The place of each within its day, from 0."""
        return np.arange(self.total) - self.starts[self.day]

    @cached_property
    def is_last(self) -> Bools:
        """Whether it is the last of its day."""
        last: Bools = self.rank == self.counts[self.day] - 1
        return last

    def moments(self, dice: Dice, label: str, hour_weights: Floats) -> Ints:
        """When each happens: in order through its day, by the weight of its 24 hours."""
        edges = np.concatenate([[0.0], np.cumsum(hour_weights) / hour_weights.sum()])
        spread = dice.uniform(f"{label}/clock", np.arange(self.total))
        place = (self.rank + spread) / np.maximum(self.counts[self.day], 1)
        clock = np.interp(place, edges, np.arange(25.0)) * HOUR
        moments: Ints = (self.first_day + self.day) * DAY + clock.astype(np.int64)
        return moments
