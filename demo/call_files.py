"""The control room's exports: one CSV a day, as a spreadsheet of an Indonesian office writes it."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa

from demo.calls import Calls
from demo.darurat112 import COLUMNS, call_rows
from demo.dice import Ints
from demo.drops import DropFile

_DAYS_AT_ONCE = 50
"""Days rendered together, since the texts of a few rows cost as much as those of many."""


def darurat112_files(calls: Calls) -> Iterator[DropFile]:
    """``112_YYYYMMDD.csv`` of every day so far: semicolons, decimal commas, cp1252, CRLF.

    A corrected file has the name of the one it replaces and a later time.
    """
    days = calls.stream.first_day + np.arange(len(calls.stream.counts))
    modified = np.where(calls.is_resent(days), calls.resent(days), calls.exported(days))
    for start in range(0, len(days), _DAYS_AT_ONCE):
        block = _Block(calls, days[start : start + _DAYS_AT_ONCE])
        for day in block.days.tolist():
            name = date.fromordinal(day + date(1970, 1, 1).toordinal()).strftime("%Y%m%d")
            yield DropFile(
                path=f"112_{name}.csv",
                modified=int(modified[day - calls.stream.first_day]),
                content=partial(block.content, day),
            )


class _Block:
    """Some days' calls, made into rows when the first of them is asked for."""

    def __init__(self, calls: Calls, days: Ints) -> None:
        self.days = days
        self._calls = calls
        self._rows: pa.Table | None = None
        self._day: Ints = np.zeros(0, dtype=np.int64)

    def content(self, day: int) -> bytes:
        """One day's file. Letters that cp1252 lacks become question marks."""
        calls = self._calls
        if self._rows is None:
            first, last = int(self.days[0]), int(self.days[-1])
            start, stop = np.searchsorted(calls.day, [first, last + 1])
            at = np.arange(start, stop)
            at = at[calls.is_present[at]]
            self._rows, self._day = call_rows(calls, at), calls.day[at]
        start, stop = np.searchsorted(self._day, [day, day + 1])
        some = self._rows.slice(start, stop - start)
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow([name.upper() for name in COLUMNS])
        writer.writerows(zip(*(some[name].to_pylist() for name in COLUMNS), strict=True))
        return text.getvalue().encode("cp1252", errors="replace")
