"""Promises broken on purpose, each in a way that no run without faults shows.

A harness that can't fail proves nothing: it must notice every one of these.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import deltalake

import connectors.extract
from connectors.one_pass import Pass
from connectors.result import TableResult
from connectors.table_run import TableRun
from lake.batch import Batch
from lake.column import Column
from lake.landing import Landing


def watermark_first() -> None:
    """Keep how far a table was read in a file of its own, written before the rows are committed."""
    real_since, real_commit = TableRun._since, TableRun._commit

    def place(run: TableRun) -> Path:
        return run.session.settings.home / f"{run.name}.watermark"

    def since(self: TableRun, last: Batch) -> str | None:
        if place(self).exists():
            last = last.model_copy(update={"watermark_after": place(self).read_text()})
        return real_since(self, last)

    def commit(self: TableRun, columns: Sequence[Column], one: Pass, *others: Any) -> None:
        if one.watermark is not None:
            place(self).write_text(one.watermark)
        real_commit(self, columns, one, *others)

    TableRun._since = since  # type: ignore[method-assign]
    TableRun._commit = commit  # type: ignore[method-assign]


def quarantine_last() -> None:
    """Commit the rows, and then what could not be taken in."""
    waiting: list[Landing] = []
    real_commit, real_finished = Landing.commit_quarantine, TableRun._finished

    def commit(self: Landing) -> None:
        waiting.append(self)

    def finished(self: TableRun) -> TableResult:
        while waiting:
            real_commit(waiting.pop())
        return real_finished(self)

    Landing.commit_quarantine = commit  # type: ignore[method-assign]
    TableRun._finished = finished  # type: ignore[method-assign]


def two_at_once() -> None:
    """Let two runs of one table read and commit at the same time."""

    @contextmanager
    def nothing(path: Path, what: str) -> Iterator[None]:
        yield

    connectors.extract.exclusive = nothing  # type: ignore[assignment]
    deltalake.DeltaTable.transaction_version = lambda *_: None  # type: ignore[method-assign]


VARIANTS: dict[str, Callable[[], None]] = {
    "watermark first": watermark_first,
    "quarantine last": quarantine_last,
    "two at once": two_at_once,
}
