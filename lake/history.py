"""The past of a table: its state after any batch, and every version of a row.

Everything is made from the newest files, since the log only grows and every row knows its batch.
So the past can be told after files were merged and old ones removed, without Delta's time travel.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lake import columns as c
from lake.batch import Batch
from lake.delta_log import read_log
from lake.retention import history_from
from lake.table import LakeTable


class NoSuchPastError(Exception):
    """The state asked for was never there, or its history was forgotten."""


class PastTable(LakeTable):
    """A table as it was after one of its batches."""

    def __init__(self, lake_dir: Path, app: str, table: str, number: int) -> None:
        super().__init__(lake_dir, app, table)
        self.number = number

    def relation(self, version: int | None = None) -> str:
        """The change log up to the batch."""
        return f"(select * from {super().relation(version)} where {c.BATCH} <= {self.number})"


def batch_at(table: LakeTable, at: datetime) -> Batch:
    """The batch after which the table was as it was at an instant. Raises ``NoSuchPastError``."""
    for batch in table.batches():
        if batch.extracted_at <= at:
            return batch
    raise NoSuchPastError(f"{table.name} was loaded for the first time after {at:%Y-%m-%d %H:%M}")


def batch_of(table: LakeTable, version: int) -> Batch:
    """The batch whose state a version holds, so that it can be told when its files are gone.

    Raises ``NoSuchPastError``.
    """
    batch = table.last_batch(version)
    if batch is None:
        raise NoSuchPastError(f"{table.name} has no batch up to version {version}")
    return batch


def as_of(table: LakeTable, number: int) -> PastTable:
    """The table after batch ``number``; its ``current`` is the state at that moment.

    Raises ``NoSuchPastError`` when there was no such batch, or when what it needs was forgotten.
    """
    last = table.last_batch()
    if last is None or not 1 <= number <= last.number:
        there = "no batch" if last is None else f"batches 1 to {last.number}"
        raise NoSuchPastError(f"{table.name} has no batch {number}; it has {there}")
    first = history_from(read_log(table.path))
    if number < first:
        raise NoSuchPastError(
            f"{table.name}: the history before batch {first} was removed by its retention, so the "
            f"state after batch {number} can't be told"
        )
    return PastTable(table.path.parent.parent, table.app, table.table, number)


def erasures(table: LakeTable) -> list[str]:
    """Ids of the erasures after which the past of this table lacks some rows, oldest first."""
    entries = [commit.maintenance for commit in read_log(table.path)]
    return [entry.erasure for entry in entries if entry and entry.erasure]


def states(table: LakeTable, key: Sequence[str], version: int | None = None) -> str:
    """Every state that every row was in, with ``_kota_at`` and ``_kota_until``, as a query.

    A state holds from the batch that brought it until the one that changed or deleted the row;
    until NULL while it lasts. So the rows with NULL are the table's current state.
    """
    until = (
        f"lead({c.AT}) over (partition by {c.quoted_list(c.identity(key))} "
        f"order by {c.BATCH}, {c.OP})"
    )
    return (
        f"select * exclude ({c.OP}) from ("
        f"select *, {until} as {c.UNTIL} from {table.relation(version)}) "
        f"where {c.OP} = '{c.UPSERT}'"
    )


def row_versions(table: LakeTable, key: Sequence[str]) -> str:
    """All versions of one row, oldest first, as a query with the key values ``$key_1`` and so on.

    Values are compared as text, trimmed: they come from a person.
    """
    matches = " and ".join(
        f"trim(cast({c.quoted(name)} as varchar)) = $key_{place}"
        for place, name in enumerate(key, start=1)
    )
    return (
        f"select {c.BATCH}, {c.AT}, {c.OP}, * exclude ({c.BATCH}, {c.AT}, {c.OP}, {c.HASH}) "
        f"from {table.relation()} where {matches} order by {c.BATCH}, {c.OP}"
    )
