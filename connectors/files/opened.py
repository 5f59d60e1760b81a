"""What every file format gives: columns, batches of rows, and what could not be taken in."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from connectors.files.header import ROW
from connectors.files.spec import FileSource
from connectors.reader import Rejected, SourceError
from lake.column import Column

BATCH_ROWS = 20_000
MOST_REJECTED = 100_000
"""More malformed records than this are a wrong delimiter or format, not dirt."""


@dataclass(frozen=True)
class FileAsked:
    """A local file and what the registry says about its table."""

    path: Path
    name: str
    """Its name at the place it came from, for people."""
    table: str
    """``app.table``, for errors."""
    source: FileSource
    declared: Sequence[str]
    """The columns that the registry names, in its order."""
    paths: dict[str, str]
    """Where a column's value is in a nested record, where the registry says so."""
    companion: Callable[[tuple[str, ...]], Path | None]
    """A local copy of the file beside it that has one of these suffixes."""

    def error(self, why: str) -> SourceError:
        """An error about this file."""
        return SourceError(f"{self.table}: {self.name} {why}")


class OpenedFile(ABC):
    """A file whose columns are known. ``notes`` and ``rejected`` are complete once it is read."""

    names_every_column: ClassVar[bool] = True
    """Whether a column without a value in any row is named all the same."""

    def __init__(self, asked: FileAsked) -> None:
        self.asked = asked
        self.notes: list[str] = []
        """What a human should know, a sentence each."""
        self.rejected: list[Rejected] = []

    @property
    @abstractmethod
    def columns(self) -> list[Column]:
        """The file's columns in order, under their clear names."""

    @abstractmethod
    def batches(self, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The rows in order: the wanted columns among the file's, then ``_row`` as BIGINT."""

    def reject(self, row: int, raw: str, why: str) -> None:
        """Set a record aside. Raises ``SourceError`` when there are too many."""
        where = f"{self.asked.name}, line {row}"
        self.rejected.append(Rejected("malformed_line", f"{where}: {why}", raw))
        if len(self.rejected) > MOST_REJECTED:
            raise self.asked.error(
                f"has more than {MOST_REJECTED} malformed records (first: {self.rejected[0].reason}"
                "); check its delimiter, encoding and header in the registry"
            )


def text_columns(names: Iterable[str]) -> list[Column]:
    """Columns of a format without types: text until the registry says more."""
    return [Column(name, "VARCHAR", "VARCHAR") for name in names]


def text_batch(wanted: Sequence[str], values: Sequence[pa.Array], rows: pa.Array) -> pa.RecordBatch:
    """A batch of text columns and ``_row``."""
    schema = pa.schema([*((name, pa.string()) for name in wanted), (ROW, pa.int64())])
    return pa.RecordBatch.from_arrays([*values, rows], schema=schema)


def batched_records(
    wanted: Sequence[str],
    records: Iterable[tuple[int, dict[str, str | None]]],
    null_texts: Sequence[str],
) -> Iterator[pa.RecordBatch]:
    """Batches from records that come one by one, each with its row number."""
    rows: list[int] = []
    held: list[dict[str, str | None]] = []
    for row, record in records:
        rows.append(row)
        held.append(record)
        if len(held) == BATCH_ROWS:
            yield _batch(wanted, rows, held, null_texts)
            rows, held = [], []
    if held:
        yield _batch(wanted, rows, held, null_texts)


def _batch(
    wanted: Sequence[str],
    rows: list[int],
    records: list[dict[str, str | None]],
    null_texts: Sequence[str],
) -> pa.RecordBatch:
    values = [
        without_nulls(pa.array([record.get(name) for record in records], pa.string()), null_texts)
        for name in wanted
    ]
    return text_batch(wanted, values, pa.array(rows, pa.int64()))


def without_nulls(values: pa.Array, null_texts: Sequence[str]) -> pa.Array:
    """The texts, with NULL where the registry says that a text means "no value"."""
    is_null = pc.is_in(values, value_set=pa.array(null_texts, pa.string()))
    return pc.if_else(is_null, pa.scalar(None, pa.string()), values)
