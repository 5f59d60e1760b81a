"""What is inside a bundle, before encryption: a JSON head, then Arrow streams in its order.

There are no file names inside, so nothing in a bundle can point outside of it.
"""

import struct
from collections.abc import Iterator, Sequence
from datetime import datetime
from lzma import LZMAFile
from typing import Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from connectors.bundle.errors import BundleError
from connectors.bundle.place import Place

LENGTH = struct.Struct(">I")
MAX_HEAD = 64 * 2**20


class SentBatch(BaseModel):
    """One batch of a village's table; its rows follow unless it has none."""

    model_config = ConfigDict(frozen=True)

    number: int
    extracted_at: datetime
    is_complete: bool
    source_rows: int | None
    rows: int


class SentTable(BaseModel):
    """What a bundle holds of one table: every batch after one and up to another."""

    model_config = ConfigDict(frozen=True)

    name: str
    key: tuple[str, ...]
    mode: Literal["incremental", "snapshot", "append"]
    after: int
    upto: Place
    columns: tuple[tuple[str, str], ...]
    """Name and lake type."""
    batches: tuple[SentBatch, ...]

    @property
    def rows(self) -> int:
        """Rows of all its batches."""
        return sum(batch.rows for batch in self.batches)


class Contents(BaseModel):
    """The head of a bundle's content."""

    model_config = ConfigDict(frozen=True)

    after: int
    """The bundle before it that the city is known to have; 0: none is needed."""
    quarantine_rows: int
    tables: tuple[SentTable, ...]
    """Those with news, in the order in which they are to land."""
    places: dict[str, Place]
    """How far every table of the village is, those without news too."""


def write_head(file: LZMAFile, contents: Contents) -> None:
    """Begin a content."""
    head = contents.model_dump_json().encode()
    file.write(LENGTH.pack(len(head)) + head)


def read_head(file: LZMAFile) -> Contents:
    """Raises ``EOFError`` where the content ends too early, ``BundleError`` where it is too big."""
    (length,) = LENGTH.unpack(_exactly(file, LENGTH.size))
    if length > MAX_HEAD:
        raise BundleError("it can't be unpacked: its list of tables is too long")
    return Contents.model_validate_json(_exactly(file, length))


def write_rows(file: LZMAFile, schema: pa.Schema, rows: Iterator[pa.RecordBatch]) -> None:
    """Write one stream of rows."""
    with pa.ipc.new_stream(file, schema) as stream:
        for batch in rows:
            stream.write_batch(batch)


def read_rows(file: LZMAFile, expected: int, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Read one stream of rows to its end. Raises ``BundleError`` if it is not what the head says.

    Arrow's own limits hold: a stream can't make more rows than it has bytes for.
    """
    stream = pa.ipc.open_stream(file)
    if stream.schema.names != list(names):
        raise BundleError("its rows have other columns than its list of tables says")
    rows = 0
    for batch in stream:
        rows += batch.num_rows
        if rows > expected:
            break
        yield batch
    if rows != expected:
        raise BundleError("it has another number of rows than its list of tables says")


def _exactly(file: LZMAFile, length: int) -> bytes:
    content = file.read(length)
    if len(content) != length:
        raise EOFError("the content ends too early")
    return content
