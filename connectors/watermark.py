"""How far a table was read: the greatest cursor value, and where to start again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from connectors.reader import SourceError
from lake.changes import Column

DEFAULT_LOOKBACK_SECONDS = 3 * 60 * 60
DEFAULT_LOOKBACK_NUMBERS = 1000


def start_from(watermark: str | None, lookback: int | None, where: str) -> str | None:
    """Where to start reading: the watermark less the look-back, as the source would spell it.

    Rows of one instant are written before and after we read it, and a long transaction commits
    with old times and numbers; the look-back reads them again, and unchanged rows land nothing.
    """
    if watermark is None:
        return None
    if _is_number(watermark):
        back = DEFAULT_LOOKBACK_NUMBERS if lookback is None else lookback
        return str(int(watermark) - back)
    try:
        moment = datetime.fromisoformat(watermark)
    except ValueError:
        raise SourceError(
            f"{where}: the cursor is neither a number nor a time (last was {watermark!r}); "
            "choose another cursor or mode: snapshot"
        ) from None
    seconds = DEFAULT_LOOKBACK_SECONDS if lookback is None else lookback
    return (moment - timedelta(seconds=seconds)).isoformat(sep=" ")


class Tracker:
    """Counts the rows of a stream and remembers its greatest cursor value."""

    def __init__(self, cursor: Column | None, watermark: str | None) -> None:
        self.rows = 0
        self.watermark = watermark
        self._cursor = cursor

    def follow(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Pass the batches through."""
        for batch in batches:
            self.rows += batch.num_rows
            if self._cursor is not None:
                self._see(batch.column(self._cursor.name), self._cursor)
            yield batch

    def _see(self, values: pa.Array, cursor: Column) -> None:
        if cursor.is_decoded and cursor.lake_type == "BIGINT":
            values = values.cast(pa.int64())  # as text, 9 would be greater than 10
        greatest = pc.max(values)
        if greatest.is_valid:
            text = str(greatest.cast(pa.string()).as_py())
            if self.watermark is None or _order(text) > _order(self.watermark):
                self.watermark = text


def _is_number(text: str) -> bool:
    return text.lstrip("-").isdigit()


def _order(text: str) -> tuple[int, str]:
    """Numbers by value, times by their ISO spelling."""
    return (int(text), "") if _is_number(text) else (0, text)
