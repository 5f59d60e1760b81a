"""Rows and values that could not be taken in: kept, explained, counted, and closed in the end.

The quarantine of an app is a Delta table of events, append-only like the rest of the lake: an entry
is opened when a record breaks a rule, and closed when it was repaired at the source, replayed,
discarded by a person, or is gone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

from lake import log
from lake.columns import literal

TABLE = "_quarantine"
SCHEMA = pa.schema(
    [
        pa.field("entry", pa.string()),
        pa.field("event", pa.string()),
        pa.field("table_name", pa.string()),
        pa.field("batch", pa.int64()),
        pa.field("rule", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("raw", pa.string()),
        pa.field("is_loaded", pa.bool_()),
        pa.field("noted_at", pa.timestamp("us", tz="UTC")),
    ]
)

STANDING = "state in ('open', 'discarded')"

Closing = Literal["repaired", "replayed", "discarded", "gone", "erased"]


@dataclass(frozen=True)
class Entry:
    """One record in quarantine, open."""

    id: str
    """Made from rule and record: the same record met again is the same entry."""
    table: str
    batch: int
    """The batch that met it; it has the next number when nothing else of that run landed."""
    rule: str
    reason: str
    raw: str
    """The record as it arrived, as JSON where it had columns; personal data."""
    is_loaded: bool
    """Whether the rest of the row is in the lake, so that one value is missing and not a row."""
    at: datetime


@dataclass(frozen=True)
class Age:
    """One open entry without its record: what it broke, and since when."""

    table: str
    rule: str
    is_loaded: bool
    at: datetime


@dataclass(frozen=True)
class OpenCount:
    """Open entries of one table by one rule."""

    table: str
    rule: str
    count: int
    oldest_at: datetime


class Quarantine:
    """The quarantine of one app."""

    def __init__(self, lake_dir: Path, app: str) -> None:
        self.app = app
        self.path = lake_dir / app / TABLE

    def exists(self) -> bool:
        """Whether anything was ever quarantined for this app."""
        return bool(log.versions(self.path))

    def open_entries(self, table: str | None = None) -> list[Entry]:
        """Entries that nobody has closed, oldest first."""
        return self._entries(table, "state = 'open'")

    def open_ages(self) -> list[Age]:
        """What nobody has closed, without any record."""
        columns = "table_name, rule, is_loaded, opened_at"
        return [Age(*row) for row in self._query(columns, "state = 'open'", None)]

    def open_counts(self) -> list[OpenCount]:
        """How many entries nobody has closed, by table and rule, without reading any record."""
        what = "table_name, rule, count(*), min(opened_at)"
        rows = self._query(what, "state = 'open' group by table_name, rule", None)
        return [OpenCount(*row) for row in rows]

    def standing_entries(self, table: str) -> list[Entry]:
        """Entries whose record is still held back: the open and the discarded ones."""
        return self._entries(table, STANDING)

    def standing_ids(self, table: str) -> set[str]:
        """Their ids and those of erased ones, so that a record met again adds nothing."""
        return {row[0] for row in self._query("entry", f"{STANDING} or state = 'erased'", table)}

    def count_unloaded(self, table: str, at: datetime | None = None) -> int:
        """Records of the source table that are held back instead of being in the lake.

        Now, or as it was at an instant.
        """
        rows = self._query("count(*)", f"{STANDING} and not is_loaded", table, at)
        return int(rows[0][0]) if rows else 0

    def _entries(self, table: str | None, condition: str) -> list[Entry]:
        columns = "entry, table_name, batch, rule, reason, raw, is_loaded, opened_at"
        return [Entry(*row) for row in self._query(columns, condition, table)]

    def add(self, entries: Iterable[pa.RecordBatch]) -> None:
        """Open entries (in ``SCHEMA``); the caller leaves out what is open already."""
        self._append(entries)

    def close(self, entries: Sequence[Entry], how: Closing, note: str = "") -> None:
        """Close entries; their history stays, the record itself is not repeated."""
        if not entries:
            return
        now = datetime.now(UTC)
        rows = [
            {
                "entry": entry.id,
                "event": how,
                "table_name": entry.table,
                "batch": entry.batch,
                "rule": entry.rule,
                "reason": note,
                "raw": None,
                "is_loaded": entry.is_loaded,
                "noted_at": now,
            }
            for entry in entries
        ]
        self._append([pa.RecordBatch.from_pylist(rows, schema=SCHEMA)])

    def relation(self) -> str:
        """All events as a DuckDB table expression."""
        files = ", ".join(literal(uri) for uri in DeltaTable(str(self.path)).file_uris())
        return f"read_parquet([{files}])"

    def _query(
        self, what: str, condition: str, table: str | None, at: datetime | None = None
    ) -> list[tuple[Any, ...]]:
        """Select from the entries, each with its newest state, oldest first."""
        if not self.exists():
            return []
        # Literals, since DuckDB imports pandas for a parameter, which takes longer than the query.
        chosen = ["true" if table is None else f"table_name = {literal(table)}"]
        if at is not None:
            chosen.append(f"noted_at <= timestamptz {literal(at.isoformat())}")
        opened = "filter (event = 'open')"
        order = "epoch_us(noted_at) * 2 + (event <> 'open')::int"
        entries = (
            "select entry, any_value(table_name) as table_name, any_value(rule) as rule, "
            f"any_value(is_loaded) as is_loaded, max(noted_at) {opened} as opened_at, "
            f"arg_max(batch, noted_at) {opened} as batch, arg_max(raw, noted_at) {opened} as raw, "
            f"arg_max(reason, noted_at) {opened} as reason, arg_max(event, {order}) as state "
            f"from {self.relation()} where {' and '.join(chosen)} group by entry"
        )
        ordering = "" if "count(*)" in what else "order by opened_at, entry"
        with duckdb.connect() as con:
            con.execute("set TimeZone = 'UTC'")
            query = f"select {what} from ({entries}) where {condition} {ordering}"
            return con.execute(query).fetchall()

    def _append(self, batches: Iterable[pa.RecordBatch]) -> None:
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_deltalake(
            str(self.path),
            pa.RecordBatchReader.from_batches(SCHEMA, batches),
            mode="append",
            # Statistics would repeat the least and greatest record in the log.
            configuration={"delta.dataSkippingNumIndexedCols": "0"},
        )
