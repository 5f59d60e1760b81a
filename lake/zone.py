"""Time zones whose clock has not moved since 1970, as Indonesia's: they convert fast."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

FIRST, LAST = 1970, 2100
"""The years in between which the offset is known not to change."""


@cache
def fixed_offset(timezone: str) -> int | None:
    """Seconds ahead of UTC, or None where summer time or a law changed the clock since 1970."""
    zone = ZoneInfo(timezone)
    moments = (
        datetime(year, month, 15, tzinfo=UTC)
        for year in range(FIRST, LAST)
        for month in range(1, 13)
    )
    offsets = {moment.astimezone(zone).utcoffset() for moment in moments}
    offset = offsets.pop()
    return int(offset / timedelta(seconds=1)) if not offsets and offset is not None else None


def instant_sql(value: str, offset_seconds: int | None) -> str:
    """The instant of a naive local time, in a session whose time zone is the app's.

    DuckDB's own cast asks ICU's calendar for each value, which costs 25 times as much.
    """
    cast = f"cast({value} as TIMESTAMP WITH TIME ZONE)"
    if offset_seconds is None:
        return cast
    known = f"{value} between timestamp '{FIRST}-01-02' and timestamp '{LAST - 1}-12-30'"
    fast = f"make_timestamptz(epoch_us({value}) - {offset_seconds * 1_000_000})"
    return f"case when {known} then {fast} else {cast} end"
