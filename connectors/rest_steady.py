"""Pages of data that changes while it is read: read again until a pass holds together.

A row that is inserted or deleted meanwhile moves all later rows by one, so that one of them comes
twice or, what is worse, not at all. Pages therefore wait in a file until the pass is over, and the
pass counts only if the total stayed the same, as many rows came, and none came twice.
"""

import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from connectors.reader import Rejected, SourceError
from connectors.rest_json import text
from connectors.rest_page import Page
from connectors.rest_paging import UnsteadyError

PASSES = 3


@dataclass(frozen=True)
class Plan:
    """What a pass over a table is measured by."""

    where: str
    key: Sequence[str]
    is_complete: bool
    """All rows are asked for, so that as many have to come as the service counts."""
    to_batch: Callable[[Page], pa.RecordBatch]
    schema: pa.Schema
    folder: Path
    """Where the file is: nobody else may read in it."""


class Pass:
    """One walk over all pages, kept in a file that has no name."""

    def __init__(self, plan: Plan) -> None:
        self.rejected: list[Rejected] = []
        self.records = 0
        self._plan = plan
        self._totals: list[int] = []
        self.entity_tag: str | None = None
        self._hashes = array("q")
        plan.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=plan.folder)  # noqa: SIM115  (kept open)
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        self._writer = pa.ipc.new_stream(self._file, plan.schema, options=options)

    def add(self, page: Page) -> None:
        """Take in a page."""
        self._writer.write_batch(self._plan.to_batch(page))
        self.rejected += page.rejected
        self.entity_tag = page.headers.get("ETag")
        self.records += page.records
        if page.total is not None:
            self._totals.append(page.total)
        for row in page.rows if self._plan.key else ():
            key = tuple(text(row.get(name)) for name in self._plan.key)
            if None not in key:
                self._hashes.append(hash(key))

    @property
    def total(self) -> int | None:
        """What the service counted at last."""
        return self._totals[-1] if self._totals else None

    def twice(self) -> frozenset[int]:
        """Hashes of the keys that came more than once."""
        counts = pc.value_counts(pa.array(self._hashes, pa.int64()))
        often = counts.filter(pc.greater(counts.field("counts"), 1))
        return frozenset(often.field("values").to_pylist())

    def flaw(self) -> str:
        """Why the total shows that the pass does not hold together; empty if it doesn't show it."""
        if not self._totals:
            return ""
        first, last = self._totals[0], self._totals[-1]
        if first != last:
            return f"the number of rows went from {first} to {last} meanwhile"
        if not self._plan.is_complete:
            return ""
        if self.records != last:
            return f"the service counts {last} rows and its pages have {self.records}"
        if twice := self.twice():
            return f"{len(twice)} keys came more than once, so that other rows may be missing"
        return ""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """What was read, once."""
        self._writer.close()
        self._file.seek(0)
        with self._file, pa.ipc.open_stream(self._file) as reader:
            yield from reader

    def drop(self) -> None:
        """Forget it."""
        self._file.close()


def steady_pass(plan: Plan, walk: Callable[[], Iterator[Page]]) -> Pass:
    """A pass that holds together. Raises ``SourceError`` if there is none."""
    flaw, twice_before = "", None
    for _ in range(PASSES):
        one = Pass(plan)
        try:
            for page in walk():
                one.add(page)
            flaw = one.flaw()
            twice = one.twice()
            # The same keys twice in two passes are the source's own: landing deals with them.
            if not flaw and (not twice or twice == twice_before):
                return one
            flaw = flaw or f"{len(twice)} keys came more than once"
            twice_before = twice
        except UnsteadyError as error:
            flaw = str(error)
        except BaseException:
            one.drop()
            raise
        one.drop()
    raise SourceError(
        f"{plan.where}: read {PASSES} times, and the pages never held together: {flaw}. Ask for "
        "an order that does not change (rest.parameters), check key and paging, or read at a quiet "
        "hour"
    )
