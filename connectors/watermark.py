"""How far a table was read: the greatest cursor value, and where to start again."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from connectors.reader import SourceError
from connectors.unique_keys import UniqueKeys
from lake.batch import Batch
from lake.column import Column

DEFAULT_LOOKBACK_SECONDS = 3 * 60 * 60
DEFAULT_LOOKBACK_NUMBERS = 1000
_WHOLE = r"^-?\d{1,18}$"
_DECIMAL = r"^-?\d{1,28}(\.\d{1,10})?$"
_TIME = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ T]\d{2}:\d{2}.*)?$"


def start_from(watermark: str | None, lookback: int | None, where: str) -> str | None:
    """Where to start reading: the watermark less the look-back, as the source would spell it.

    Rows of one instant are written before and after we read it, and a long transaction commits
    with old times and numbers; the look-back reads them again, and unchanged rows land nothing.
    """
    if watermark is None:
        return None
    if (number := _number(watermark)) is not None:
        return str(number - (DEFAULT_LOOKBACK_NUMBERS if lookback is None else lookback))
    try:
        moment = datetime.fromisoformat(watermark)
    except ValueError:
        raise SourceError(
            f"{where}: the cursor is neither a number nor a time (last was {watermark!r}); "
            "choose another cursor or mode: snapshot"
        ) from None
    seconds = DEFAULT_LOOKBACK_SECONDS if lookback is None else lookback
    try:
        return (moment - timedelta(seconds=seconds)).isoformat(sep=" ")
    except OverflowError:
        return "0001-01-01 00:00:00"


def not_after(watermark: str | None, now: datetime, zone: ZoneInfo) -> str | None:
    """The watermark, but no time in the future.

    One row that somebody dated 2099, or a source whose clock is ahead, must not hide what changes
    after it; rows of the future are read again at every run, and land nothing.
    """
    if watermark is None or _number(watermark) is not None:
        return watermark
    try:
        moment = datetime.fromisoformat(watermark)
    except ValueError:
        return watermark
    local_now = now.astimezone(zone)
    limit = local_now if moment.tzinfo else local_now.replace(tzinfo=None)
    return watermark if moment <= limit else limit.isoformat(sep=" ")


class Tracker:
    """Counts the rows of a stream, remembers its greatest cursor value, watches a key."""

    def __init__(
        self,
        cursor: str | None,
        key: Sequence[str],
        columns: Sequence[Column],
        last: Batch | None,
    ) -> None:
        self.rows = 0
        self.watermark = last.watermark_after if last else None
        self.keys = UniqueKeys() if len(key) == 1 else None
        self._cursor = next((column for column in columns if column.name == cursor), None)
        self._key = key[0] if key else None

    def follow(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Pass the batches through, as they arrive."""
        for batch in batches:
            self.see(batch, self._cursor.name if self._cursor else None)
            yield batch

    def see(self, batch: pa.RecordBatch, cursor: str | None) -> None:
        """Take a batch into account; ``cursor`` is its column with the cursor as it arrived."""
        self.rows += batch.num_rows
        if batch.num_rows:
            if self._cursor is not None and cursor is not None:
                self._see_cursor(batch.column(cursor), self._cursor)
            if self.keys is not None and self._key is not None:
                self.keys.see(batch.column(self._key))

    def _see_cursor(self, values: pa.Array, cursor: Column) -> None:
        if cursor.is_decoded:
            values = _comparable(values, cursor)
        greatest = pc.max(values)
        if greatest.is_valid:
            text = str(greatest.cast(pa.string()).as_py())
            if self.watermark is None or _order(text) > _order(self.watermark):
                self.watermark = text


def _comparable(values: pa.Array, cursor: Column) -> pa.Array:
    """Cursor values that came as text: as text, 9 is greater than 10 and a typing error than both.

    What can't be read is left out; it is quarantined where its row is judged.
    """
    if cursor.lake_type == "BIGINT":
        return values.filter(pc.match_substring_regex(values, _WHOLE)).cast(pa.int64())
    if cursor.lake_type.startswith("DECIMAL"):
        numbers = values.filter(pc.match_substring_regex(values, _DECIMAL))
        return numbers.cast(pa.decimal128(38, 10))
    return values.filter(pc.match_substring_regex(values, _TIME))


def _number(text: str) -> int | Decimal | None:
    if text.lstrip("-").isdigit():
        return int(text)
    try:
        return Decimal(text) if "-" not in text.lstrip("-") and ":" not in text else None
    except InvalidOperation:
        return None


def _order(text: str) -> tuple[int | Decimal, str]:
    """Numbers by value, times by their ISO spelling."""
    number = _number(text)
    return (number, "") if number is not None else (0, text)
