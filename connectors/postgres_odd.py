"""Values whose binary form, as DuckDB's scanner takes it, is not what the source has.

An infinite date, or one outside the years 1 to 9999, arrives as a day no reader of the lake knows.
A numeric NaN arrives as 0, so that only the server can tell it; it is asked where a 0 arrived: for
those rows by their keys while they are few, which spares it reading the table once more.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

FEW_ZEROS = 1000

_DAY_MICROSECONDS = 24 * 60 * 60 * 1_000_000
_FIRST_DAY = (date(1, 1, 1) - date(1970, 1, 1)).days
_LAST_DAY = (date(9999, 12, 31) - date(1970, 1, 1)).days
# A local midnight of the year 1 may be in the year 0 in UTC: an instant's first day is left out.
_FIRST_INSTANT = (_FIRST_DAY + 1) * _DAY_MICROSECONDS
_LAST_INSTANT = (_LAST_DAY + 1) * _DAY_MICROSECONDS - 1


class OddWatch:
    """Looks at the batches of one reading.

    ``names`` are the columns that can have odd values, ``key`` a whole number that names the row.
    """

    def __init__(self, names: Iterable[str], key: str | None) -> None:
        self.doubtful: set[str] = set()
        """Columns in which a number 0 was seen: at the source it may be a NaN."""
        self.keys: set[int] | None = set() if key is not None else None
        """The rows with those; None if they are many, or have no such key."""
        self._names = list(names)
        self.key = key

    def met_odd(self, batch: pa.RecordBatch) -> bool:
        """Whether a column has a time that the lake can't hold."""
        for name in self._names:
            if name not in self.doubtful or self.keys is not None:
                self._look_for_zeros(name, batch)
        return any(_is_outside(batch.column(name)) for name in self._names)

    def _look_for_zeros(self, name: str, batch: pa.RecordBatch) -> None:
        values = batch.column(name)
        if not pa.types.is_decimal(values.type):
            return
        is_zero = pc.equal(values, pa.scalar(Decimal(0), values.type))
        if pc.any(is_zero).as_py() is not True:
            return
        self.doubtful.add(name)
        if self.key is not None and self.keys is not None:
            self.keys.update(batch.column(self.key).filter(is_zero).to_pylist())
            if len(self.keys) > FEW_ZEROS:
                self.keys = None


def _is_outside(values: pa.Array) -> bool:
    if pa.types.is_date32(values.type):
        first, last, numbers = _FIRST_DAY, _LAST_DAY, values.view(pa.int32())
    elif pa.types.is_timestamp(values.type):
        first, last, numbers = _FIRST_INSTANT, _LAST_INSTANT, values.view(pa.int64())
    else:
        return False
    found = pc.min_max(numbers).as_py()
    return found["min"] is not None and (found["min"] < first or found["max"] > last)
