"""When all keys of a table, or all its rows, are to be compared with the source again."""

from datetime import datetime, timedelta

from connectors.registry import Table

SMALL_TABLE_ROWS = 100_000
"""Keys of a table up to this size are compared at every run: that costs less than a second."""
REREAD_ROWS = 1_000_000
"""Tables up to this size are read again in full once a week, without being asked to."""
COUNTED_ROWS = 1_000_000
"""Tables up to this size are counted at the source in every run."""
SLACK = timedelta(hours=2)
"""A daily run does not start at the same second every day."""
INTERVALS = {
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
}


def keys_are_due(table: Table, rows: int, last: datetime | None, now: datetime) -> bool:
    """Whether to look for deleted and missed rows by comparing all keys."""
    when = table.deletions
    if when == "auto":
        when = "every_run" if rows <= SMALL_TABLE_ROWS else "daily"
    if when == "every_run":
        return True
    return when != "never" and _is_past(INTERVALS[when], last, now)


def rereading_is_due(table: Table, rows: int, last: datetime | None, now: datetime) -> bool:
    """Whether to read the whole table, for changes that left the cursor as it was."""
    when = table.reread
    if when == "auto":
        when = "weekly" if rows <= REREAD_ROWS else "never"
    return when != "never" and _is_past(INTERVALS[when], last, now)


def counting_is_due(table: Table, rows: int, *, is_compared: bool) -> bool:
    """Whether the source is to count its rows.

    Databases read a whole index for it. A large table is counted when its keys are compared
    (``is_compared``), or at every run where they never are.
    """
    return is_compared or rows <= COUNTED_ROWS or table.deletions == "never"


def _is_past(interval: timedelta, last: datetime | None, now: datetime) -> bool:
    return last is None or now - last >= interval - SLACK
