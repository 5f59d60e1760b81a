"""Rows and values that could not be taken in: kept, explained, and counted."""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

from lake.columns import literal

TABLE = "_quarantine"
SCHEMA = pa.schema(
    [
        pa.field("table_name", pa.string()),
        pa.field("batch", pa.int64()),
        pa.field("rule", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("raw", pa.string()),
        pa.field("row_hash", pa.string()),
        pa.field("is_loaded", pa.bool_()),
        pa.field("quarantined_at", pa.timestamp("us", tz="UTC")),
    ]
)


class Quarantine:
    """The quarantine of one app, a Delta table beside its tables.

    ``is_loaded`` tells the two kinds apart: a *row* that is not in the lake, and a *value* that is
    NULL there while the rest of its row was loaded.
    """

    def __init__(self, lake_dir: Path, app: str) -> None:
        self.app = app
        self.path = lake_dir / app / TABLE

    def exists(self) -> bool:
        """Whether anything was ever quarantined for this app."""
        return DeltaTable.is_deltatable(str(self.path))

    def known_hashes(self, table: str) -> set[str]:
        """Hashes of what is already quarantined, so that a re-read adds nothing."""
        if not self.exists():
            return set()
        rows = duckdb.execute(
            f"select distinct row_hash from {self._relation()} where table_name = ?", [table]
        ).fetchall()
        return {row[0] for row in rows}

    def count_unloaded(self, table: str) -> int:
        """Rows of the source table that are in quarantine instead of in the lake."""
        if not self.exists():
            return 0
        row = duckdb.execute(
            f"select count(distinct row_hash) from {self._relation()} "
            "where table_name = ? and not is_loaded",
            [table],
        ).fetchone()
        return int(row[0]) if row else 0

    def add(self, entries: Iterable[pa.RecordBatch]) -> None:
        """Commit entries (in ``SCHEMA``); the caller leaves out what ``known_hashes`` has."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_deltalake(
            str(self.path), pa.RecordBatchReader.from_batches(SCHEMA, entries), mode="append"
        )

    def _relation(self) -> str:
        files = ", ".join(literal(uri) for uri in DeltaTable(str(self.path)).file_uris())
        return f"read_parquet([{files}])"
