"""What one commit to the lake says about itself: the ledger entry of a batch."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from lake.column_change import ColumnChange
from lake.control import Basis, Control

PREFIX = "kota."


class Batch(BaseModel):
    """One batch of one source table, stored in the Delta commit that carries its rows.

    Rows, counts and watermark are one commit, so they can't disagree; there is no second store.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    app: str
    table: str
    number: int
    """1 for the first batch of a table, then one more each time."""
    mode: Literal["incremental", "snapshot", "append"]
    extracted_at: datetime
    watermark_before: str | None = None
    watermark_after: str | None = None
    """Greatest cursor value read so far, as the source spells it; None for snapshots."""
    rows_read: int = 0
    rows_upserted: int = 0
    rows_deleted: int = 0
    rows_quarantined: int = 0
    lake_rows: int = 0
    """Rows in the current state after this batch: a running total, checked by the audit."""
    source_rows: int | None = None
    """Rows at the source when the batch was read; None where the source can't count."""
    note: str | None = None
    """What a human should know of this batch: drift, a second reading."""
    place: str | None = None
    """What a source that keeps its own place gave: files read, by name and checksum."""
    part: int | None = None
    """In a first load by parts: the greatest key of the part; the next one starts after it."""
    is_complete: bool = True
    """False while a first load by parts goes on: the table is not all there yet."""
    compared_at: datetime | None = None
    """When all keys were last compared with the source, so that nothing was deleted or missed."""
    reread_at: datetime | None = None
    """When the whole table was last read."""
    log_rows: int | None = None
    """Rows of the change log after this batch; as many as ``lake_rows`` when none is superseded."""
    hash_mark: str = ""
    """How DuckDB hashes rows; see ``lake.row_hash.engine_mark``."""
    hashed_since: int = 1
    """The first batch whose row hashes were made with this mark."""
    token_key_id: str | None = None
    """The key chain that made its tokens; see ``lake.token.token_key_id``."""
    rows_withheld: int = 0
    """Rows that were read and left out because their person was erased."""
    columns_gone: list[str] = []
    """Columns of the lake that the source no longer had: they read as empty in these rows."""
    count_basis: Basis = "source"
    """Whether the source counted its rows, or kota what it read."""
    is_one_moment: bool = True
    """Whether they were counted in the instant in which they were read."""
    controls: list[Control] = []
    """What the control columns add up to at the source; empty where nobody added them up."""
    control_basis: Basis = "source"
    """Who added them up."""
    column_changes: list[ColumnChange] = []
    """What became of the source's columns since the batch before."""
    file_checksums: dict[str, str] = {}
    """SHA-256 of every Parquet file of the batch, by file name."""

    @property
    def id(self) -> str:
        """``laksa.pengaduan:7``, the name of this batch in logs and reports."""
        return f"{self.app}.{self.table}:{self.number}"

    def to_commit(self) -> dict[str, str]:
        """The batch as Delta commit metadata: flat, text only."""
        return {f"{PREFIX}batch": self.model_dump_json(exclude_none=True)}

    @classmethod
    def from_commit(cls, commit: dict[str, Any]) -> Self | None:
        """The batch in one entry of a Delta history, or None for a maintenance commit."""
        text = commit.get(f"{PREFIX}batch")
        return None if text is None else cls.model_validate_json(text)
