"""One Parquet file of a table while it is written: on a thread of its own, with its checksum."""

import hashlib
import io
import os
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from typing_extensions import Buffer

from lake.parquet import encodings


@dataclass(frozen=True)
class DataFile:
    """A Parquet file that is written but not yet part of the table."""

    name: str
    rows: int
    size: int
    sha256: str


class FileWriter:
    """One Parquet file, written on a thread of its own while the next rows are being read."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self.path = folder / f"part-{uuid.uuid4().hex}.parquet"
        self.rows = 0
        self._schema = schema
        self._file: _HashedFile | None = None
        self._writer: pq.ParquetWriter | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="parquet")
        self._pending: Future[None] | None = None
        self._finished: Future[DataFile] | None = None

    def write(self, batch: pa.RecordBatch) -> None:
        """Hand a batch to the thread; at most one waits, so memory is bounded."""
        self._wait()
        if self._writer is None:
            self._file = _HashedFile(self.path)
            self._writer = pq.ParquetWriter(
                self._file, self._schema, compression="zstd", **encodings(batch)
            )
        self._pending = self._thread.submit(self._writer.write_batch, batch, batch.num_rows)
        self.rows += batch.num_rows

    def finish(self) -> None:
        """Nothing more comes: the end is written and synced while the next file is begun."""
        self._wait()
        if self._finished is None:
            self._finished = self._thread.submit(self._end)

    def close(self) -> DataFile:
        """Everything is on disk when this returns."""
        self.finish()
        self._thread.shutdown()
        if self._finished is None:
            raise RuntimeError(f"{self.path.name} was never finished")
        return self._finished.result()

    def abandon(self) -> None:
        """Leave nothing behind, whatever went wrong."""
        self._thread.shutdown()
        with suppress(OSError, pa.ArrowException):
            if self._writer is not None:
                self._writer.close()
        if self._file is not None:
            self._file.close()
        self.path.unlink(missing_ok=True)

    def _end(self) -> DataFile:
        if self._writer is None or self._file is None:
            raise RuntimeError(f"{self.path.name} has no rows")
        self._writer.close()
        self._file.sync()  # the commit must never be on disk before its rows
        self._file.close()
        return DataFile(self.path.name, self.rows, self._file.size, self._file.sha256)

    def _wait(self) -> None:
        if self._pending is not None:
            self._pending.result()


class _HashedFile(io.RawIOBase):
    """A file that is written once, front to back, and knows its checksum at the end."""

    def __init__(self, path: Path) -> None:
        self.size = 0
        self._file = path.open("xb", buffering=0)
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of what was written so far."""
        return self._digest.hexdigest()

    def writable(self) -> bool:
        """It is for nothing else."""
        return True

    def write(self, data: Buffer) -> int:
        """Write all of it, and take it into the checksum."""
        view = memoryview(data)
        self._digest.update(view)
        written = 0
        while written < view.nbytes:
            written += self._file.write(view[written:])
        self.size += written
        return written

    def tell(self) -> int:
        """Where the next byte goes."""
        return self.size

    def sync(self) -> None:
        """Everything is on disk when this returns."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
