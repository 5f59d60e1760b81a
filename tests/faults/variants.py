"""Promises broken on purpose, each in a way that no run without faults shows.

A harness that can't fail proves nothing: it must notice every one of these.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import deltalake
import pyarrow as pa

import connectors.extract
from connectors.result import TableResult
from connectors.table_run import TableRun
from lake.batch import Batch
from lake.landing import Landing
from lake.table import DataFile, LakeTable


def watermark_first() -> None:
    """Commit how far the table was read, and then, in a batch of its own, the rows."""
    real = LakeTable.commit

    def commit(self: LakeTable, batch: Batch, files: list[DataFile], schema: pa.Schema) -> int:
        last = self.last_batch()
        if last is None:
            return real(self, batch, files, schema)
        nothing = {
            "rows_upserted": 0,
            "rows_deleted": 0,
            "lake_rows": last.lake_rows,
            "log_rows": last.log_rows,
        }
        real(self, batch.model_copy(update=nothing), [], schema)
        following = {"number": batch.number + 1, "watermark_before": batch.watermark_after}
        return real(self, batch.model_copy(update=following), files, schema)

    LakeTable.commit = commit  # type: ignore[method-assign]


def quarantine_last() -> None:
    """Commit the rows, and then what could not be taken in."""
    waiting: list[Landing] = []
    real_quarantine, real_finished = Landing.commit_quarantine, TableRun._finished

    def finished(self: TableRun) -> TableResult:
        while waiting:
            real_quarantine(waiting.pop())
        return real_finished(self)

    Landing.commit_quarantine = waiting.append  # type: ignore[assignment]
    TableRun._finished = finished  # type: ignore[method-assign]


def two_at_once() -> None:
    """Let two runs of one table read and commit at the same time."""

    @contextmanager
    def nothing(path: Path, what: str) -> Iterator[None]:
        yield

    connectors.extract.exclusive = nothing
    deltalake.DeltaTable.transaction_version = lambda *_: None  # type: ignore[method-assign]


VARIANTS: dict[str, Callable[[], None]] = {
    "watermark first": watermark_first,
    "quarantine last": quarantine_last,
    "two at once": two_at_once,
}
