"""A real reader whose source fails, hangs, repeats itself, breaks off or miscounts, as planned."""

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

import pyarrow as pa

from connectors.connection import Connection
from connectors.reader import KeyRange, Reader, SourceError
from connectors.registry import App
from connectors.sqlite import SqliteReader
from kota.settings import Settings
from lake.column import Column
from tests.faults.injector import active

PAGE_ROWS = 12
"""Small, so that a stream of a small table has a middle."""


class FaultySource(Reader):
    """SQLite behind a bad line."""

    def __init__(self, app: App, connection: Connection, settings: Settings) -> None:
        self.real = SqliteReader(app, connection, settings)

    def __enter__(self) -> Self:
        _step("connect")
        self.real.__enter__()
        _step("connected")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.real.__exit__(kind, error, trace)

    def describe(self, table: str) -> list[Column]:
        """As the file says."""
        _step(f"describe {table}")
        return self.real.describe(table)

    def count(self, table: str) -> int | None:
        """As the file says, or three more."""
        _step(f"count {table}")
        rows = self.real.count(table)
        return rows + 3 if rows and active().misleads(f"count {table}", "miscount") else rows

    def bounds(self, table: str, column: str) -> tuple[int, int] | None:
        """As the file says."""
        _step(f"bounds {table}")
        return self.real.bounds(table, column)

    def has_news(self, table: str, since: str | None) -> bool:
        """It does not know, as most don't."""
        _step(f"has_news {table}")
        return self.real.has_news(table, since)

    def read(
        self,
        table: str,
        columns: Sequence[Column],
        since: str | None,
        part: KeyRange | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Rows in pages."""
        _step(f"read {table}")
        rows = self.real.read(table, columns, since, part)
        # How many rows there are since a moment no source tells, so nobody could see them missing.
        yield from _pages(rows, f"page of {table}", can_be_cut=since is None)

    def keys(self, table: str) -> Iterator[pa.RecordBatch]:
        """Keys in pages."""
        _step(f"keys {table}")
        yield from _pages(self.real.keys(table), f"keys of {table}", can_be_cut=True)


def _pages(
    rows: Iterator[pa.RecordBatch], name: str, *, can_be_cut: bool
) -> Iterator[pa.RecordBatch]:
    number = 0
    for batch in rows:
        for start in range(0, batch.num_rows, PAGE_ROWS):
            number += 1
            where = f"{name} {number}"
            _step(where)
            if can_be_cut and active().misleads(where, "cut"):
                return
            page = batch.slice(start, PAGE_ROWS)
            yield page
            fault = active().misleads(where, "repeat", "page_shift")
            if fault == "repeat":
                yield page
            elif fault == "page_shift":
                yield page.slice(max(0, page.num_rows - 3))
    _step(f"end of {name}")


def _step(name: str) -> None:
    active().step("source", name, lambda what: SourceError(f"the line broke at: {what}"))
