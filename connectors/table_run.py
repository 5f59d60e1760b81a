"""One table of one run: count, read, compare, write, commit. Nothing counts before the commit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from connectors.reader import Reader, landing_columns
from connectors.registry import App
from connectors.result import TableResult
from connectors.watermark import Tracker, start_from
from kota.settings import Settings
from lake.batch import Batch
from lake.changes import INCOMING, SOURCE_KEYS, Column, changes, find_deleted
from lake.columns import quoted
from lake.drift import check_drift
from lake.engine import connect
from lake.landing import Landing
from lake.quarantine import Quarantine
from lake.table import DataFile, LakeTable
from lake.token import token_pads


class MassDeletionError(Exception):
    """A batch would delete more of a table than its registry entry allows."""


@dataclass
class _Read:
    """What one pass over the source gave: files that are written but not committed."""

    landing: Landing
    files: list[DataFile]
    rows_read: int
    watermark: str | None
    lake_rows: int


class TableRun:
    """Reads one table in an open session and lands what changed."""

    def __init__(
        self, app: App, name: str, reader: Reader, settings: Settings, allow_mass_deletion: bool
    ) -> None:
        self.app = app
        self.name = name
        self.entry = app.tables[name]
        self.reader = reader
        self.settings = settings
        self.allow_mass_deletion = allow_mass_deletion
        self.table = LakeTable(settings.lake_dir, app.app, name)
        self.quarantine = Quarantine(settings.lake_dir, app.app)
        self.last = self.table.last_batch()

    def land(self) -> TableResult:
        """Land one batch, or nothing when nothing changed. Raises the errors of the rooms it uses.

        Where fewer rows arrive than the source counts, rows came in behind the watermark (restored
        from a backup, say): the table is then read again from the start.
        """
        columns = landing_columns(self.app, self.name, self.reader.describe(self.name))
        notes = [note] if (note := check_drift(self.table, columns)) else []
        source_rows = self.reader.count(self.name)
        watermark = self.last.watermark_after if self.last else None
        since = start_from(watermark, self.entry.lookback, self.table.name)

        read = self._read(columns, since)
        if since is not None and source_rows is not None:
            unloaded = self.quarantine.count_unloaded(self.name) + read.landing.unloaded
            if read.lake_rows + unloaded != source_rows:
                self.table.discard(read.files)
                notes.append(
                    f"{self.table.name}: the source has {source_rows} rows and the lake would have "
                    f"{read.lake_rows}, so the whole table was read again"
                )
                read = self._read(columns, None)
        self._refuse_mass_deletion(read)

        read.landing.commit_quarantine()
        result = TableResult(
            app=self.app.app,
            table=self.name,
            outcome="landed" if read.files or self.last is None else "unchanged",
            rows_read=read.rows_read,
            rows_landed=read.landing.upserted,
            rows_deleted=read.landing.deleted,
            rows_quarantined=read.landing.quarantined,
            source_rows=source_rows,
            message="; ".join(notes),
        )
        if result.outcome == "landed":
            self._commit(columns, read, result)
        return result.model_copy(update={"lake_version": self.table.version()})

    def _read(self, columns: Sequence[Column], since: str | None) -> _Read:
        """One pass over the source from ``since`` on, or over all of it."""
        is_first = self.last is None
        looks_for_deleted = self.entry.mode == "snapshot" or self.entry.deletions == "every_run"
        scans_keys = looks_for_deleted and not is_first and since is not None
        with connect(self.settings, timezone=self.app.timezone) as con:
            if scans_keys:
                keys = [column for column in columns if column.name in self.entry.key]
                _register(con, SOURCE_KEYS, keys, self.reader.keys(self.name))
                find_deleted(con, self.table, self.entry.key, columns)
            cursor = next((col for col in columns if col.name == self.entry.cursor), None)
            tracker = Tracker(cursor, self.last.watermark_after if self.last else None)
            rows = tracker.follow(self.reader.read(self.name, columns, since))
            _register(con, INCOMING, columns, rows)
            landing = Landing(
                self.table,
                self.quarantine,
                number=self.last.number + 1 if self.last else 1,
                at=datetime.now(UTC),
            )
            files = landing.write(
                changes(
                    con,
                    self.table,
                    self.entry.key,
                    columns,
                    missing_are_deleted=looks_for_deleted and not is_first and since is None,
                    has_deleted=scans_keys,
                    batch_rows=self.app.politeness.batch_rows,
                    token_pads=token_pads() if _has_tokens(columns) else {},
                )
            )
        before = self.last.lake_rows if self.last else 0
        after = before + landing.inserted - landing.deleted
        return _Read(landing, files, tracker.rows, tracker.watermark, after)

    def _commit(self, columns: Sequence[Column], read: _Read, result: TableResult) -> None:
        batch = Batch(
            app=self.app.app,
            table=self.name,
            number=read.landing.number,
            mode=self.entry.mode,
            extracted_at=read.landing.at,
            watermark_before=self.last.watermark_after if self.last else None,
            watermark_after=read.watermark,
            rows_read=result.rows_read,
            rows_upserted=result.rows_landed,
            rows_deleted=result.rows_deleted,
            rows_quarantined=result.rows_quarantined,
            lake_rows=read.lake_rows,
            source_rows=result.source_rows,
            note=result.message or None,
        )
        self.table.commit(batch, read.files, read.landing.schema(columns))

    def _refuse_mass_deletion(self, read: _Read) -> None:
        known = self.last.lake_rows if self.last else 0
        deleted = read.landing.deleted
        if self.allow_mass_deletion or deleted <= known * self.entry.max_deleted_share:
            return
        self.table.discard(read.files)
        raise MassDeletionError(
            f"the source lost {deleted} of {known} rows since the last run, more than "
            f"max_deleted_share {self.entry.max_deleted_share:.0%} allows; if that is right, "
            f"run `kota extract {self.app.app} --allow-mass-deletion`"
        )


def _register(
    con: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[Column],
    rows: Iterator[pa.RecordBatch],
) -> None:
    """Make a stream readable in DuckDB under ``name``; an empty one too, with its types."""
    first = next(rows, None)
    if first is None:
        nulls = ", ".join(f"cast(null as {c.source_type}) as {quoted(c.name)}" for c in columns)
        con.execute(f"create temp view {name} as select {nulls} where false")
        return

    def all_rows() -> Iterator[pa.RecordBatch]:
        yield first
        yield from rows

    con.register(name, pa.RecordBatchReader.from_batches(first.schema, all_rows()))


def _has_tokens(columns: Sequence[Column]) -> bool:
    return any(column.policy == "token" for column in columns)
