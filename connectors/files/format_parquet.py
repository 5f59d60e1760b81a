"""Parquet: the one file format that brings its own types."""

from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa

from connectors.files.header import ROW
from connectors.files.opened import BATCH_ROWS, FileAsked, OpenedFile
from lake.column import Column
from lake.columns import literal, quoted


class ParquetFile(OpenedFile):
    """One Parquet file, read by DuckDB."""

    def __init__(self, asked: FileAsked) -> None:
        super().__init__(asked)
        self._scan = f"read_parquet({literal(str(asked.path))}, file_row_number = true)"
        described = self._run(f"describe select * exclude (file_row_number) from {self._scan}")
        self._columns = [Column(row[0], row[1], row[1]) for row in described.fetchall()]

    @property
    def columns(self) -> list[Column]:
        """Its columns with their types."""
        return self._columns

    def batches(self, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Stream the rows."""
        names = "".join(f"{quoted(name)}, " for name in wanted)
        query = f"select {names}file_row_number + 1 as {ROW} from {self._scan}"
        try:
            yield from self._run(query).to_arrow_reader(BATCH_ROWS)
        except (duckdb.Error, OSError):
            raise self.asked.error("broke off: it is damaged or not complete") from None

    def _run(self, query: str) -> duckdb.DuckDBPyConnection:
        try:
            return duckdb.connect().execute(query)
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise self.asked.error(f"can't be read as Parquet: {reason}") from None
