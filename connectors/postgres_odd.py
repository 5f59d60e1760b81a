"""Values whose binary form, as DuckDB's scanner takes it, is not what the source has.

An infinite date, or one outside the years 1 to 9999, arrives as a day no reader of the lake knows.
A numeric NaN arrives as 0, so that only the server can tell it; it is asked where a 0 arrived.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

_DAY_MICROSECONDS = 24 * 60 * 60 * 1_000_000
_FIRST_DAY = (date(1, 1, 1) - date(1970, 1, 1)).days
_LAST_DAY = (date(9999, 12, 31) - date(1970, 1, 1)).days
# A local midnight of the year 1 may be in the year 0 in UTC: an instant's first day is left out.
_FIRST_INSTANT = (_FIRST_DAY + 1) * _DAY_MICROSECONDS
_LAST_INSTANT = (_LAST_DAY + 1) * _DAY_MICROSECONDS - 1


class OddWatch:
    """Looks at the batches of one reading; ``names`` are the columns that can have odd values."""

    def __init__(self, names: Iterable[str]) -> None:
        self.doubtful: set[str] = set()
        """Columns in which a number 0 was seen: at the source it may be a NaN."""
        self._names = list(names)

    def met_odd(self, batch: pa.RecordBatch) -> bool:
        """Whether a column has a time that the lake can't hold."""
        for name in self._names:
            if name not in self.doubtful and _has_zero(batch.column(name)):
                self.doubtful.add(name)
        return any(_is_outside(batch.column(name)) for name in self._names)


def _is_outside(values: pa.Array) -> bool:
    if pa.types.is_date32(values.type):
        first, last, numbers = _FIRST_DAY, _LAST_DAY, values.view(pa.int32())
    elif pa.types.is_timestamp(values.type):
        first, last, numbers = _FIRST_INSTANT, _LAST_INSTANT, values.view(pa.int64())
    else:
        return False
    found = pc.min_max(numbers).as_py()
    return found["min"] is not None and (found["min"] < first or found["max"] > last)


def _has_zero(values: pa.Array) -> bool:
    if not pa.types.is_decimal(values.type):
        return False
    zero = pa.scalar(Decimal(0), values.type)
    return pc.any(pc.equal(values, zero)).as_py() is True
