"""One pass over a table at its source: read, land, compare, write files. Nothing is committed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from connectors.controls import Meter
from connectors.politeness import Pace
from connectors.reader import KeyRange, Reader, Scan, SourceError
from connectors.references import register_references
from connectors.registry import App
from connectors.watermark import Tracker
from kota.settings import Settings
from lake.batch import Batch
from lake.column import Column
from lake.columns import literal, quoted
from lake.compare import (
    CURSOR,
    INCOMING,
    SOURCE_KEYS,
    Comparison,
    changes,
    find_deleted,
    land_and_keep,
    land_stream,
)
from lake.control import Control
from lake.data_file import DataFile
from lake.erasures import erased_keys, withheld_sql
from lake.landing import Landing
from lake.quarantine import Quarantine
from lake.rotate import check_token_key
from lake.table import LakeTable
from lake.token import bind_key

MANY_COLUMNS = 300
"""Each thread holds vectors of all columns in each step; of so many, one thread's are enough."""


@dataclass(frozen=True)
class Session:
    """What all tables of one run of an app share."""

    app: App
    reader: Reader
    settings: Settings
    con: duckdb.DuckDBPyConnection
    """Where rows are landed and compared; its time zone is the app's."""
    allow_mass_deletion: bool = False


@dataclass
class Pass:
    """What a pass gave: files that are written but not committed, and what is in them."""

    landing: Landing
    files: list[DataFile]
    rows_read: int
    watermark: str | None
    has_doubles: bool | None
    """Whether a key occurred twice; None if that was not seen."""
    is_kept: bool
    """The rows are still at hand, as ``lake.compare`` keeps them."""
    most_withheld: int
    """As many rows of erased persons may be at the source still."""
    collapsed: int
    """Rows that repeated another one in full, and were left out."""
    is_whole: bool
    """All of the source was read."""
    found_deleted: bool
    """All keys of the source were compared with the lake's."""
    lake_rows: int
    log_rows: int | None
    controls: list[Control] | None = None
    """What the control columns add up to over all that was read; None where that is not all."""
    source_rows: int | None = None
    """What the source counted after a reading of the whole table."""


@dataclass(frozen=True)
class Wanted:
    """What a pass is to read."""

    since: str | None = None
    part: KeyRange | None = None
    is_whole: bool = False
    """What it reads is all there is, so what it lacks is deleted."""
    finds_deleted: bool = False
    """Compare all keys of the source with the lake's."""
    keeps: bool = True
    """Hold the rows before they are compared, so that a key that occurs twice is seen."""


class TablePass:
    """Reads one table in an open session."""

    def __init__(
        self, session: Session, table: LakeTable, last: Batch | None, hashed_since: int
    ) -> None:
        self.session = session
        self.name = name = table.table
        self.table = table
        self.entry = session.app.tables[name]
        self.last = last
        self.hashed_since = hashed_since
        self.quarantine = Quarantine(session.settings.lake_dir, session.app.app)
        self._source_error: SourceError | None = None

    def read(self, columns: Sequence[Column], wanted: Wanted) -> Pass:
        """Land what the source gives. Raises the errors of the reader and of the lake."""
        try:
            return self._read(columns, wanted)
        except (duckdb.Error, pa.ArrowException):
            # On its way through DuckDB an error of the reader becomes one of DuckDB's.
            if self._source_error is not None:
                raise self._source_error from None
            raise

    def _read(self, columns: Sequence[Column], wanted: Wanted) -> Pass:
        if (scan := self._scan(columns, wanted)) is None:
            return self._land(self.session.con, columns, wanted, None)
        with _in_zone(scan.con, self.session.app.timezone):
            return self._land(scan.con, columns, wanted, scan)

    def _is_fresh(self, wanted: Wanted) -> bool:
        """Whether the lake has none of the keys that will be read."""
        return not self.table.exists() or (wanted.part is not None and self.last is not None)

    def _scan(self, columns: Sequence[Column], wanted: Wanted) -> Scan | None:
        """Where rows are neither compared nor held, they can be landed where they are read."""
        is_held = bool(self.entry.key) and wanted.keeps
        if is_held or wanted.since is not None or not self._is_fresh(wanted):
            return None
        return self.session.reader.scan(self.name, columns, wanted.part)

    def _land(
        self,
        con: duckdb.DuckDBPyConnection,
        columns: Sequence[Column],
        wanted: Wanted,
        scan: Scan | None,
    ) -> Pass:
        key = self.entry.key
        threads = 1 if len(columns) > MANY_COLUMNS else self.session.settings.threads
        con.execute(f"set threads = {threads}")
        if any(column.policy == "token" for column in columns):
            check_token_key(self.table)
            bind_key(con)
        erased = erased_keys(self.session.settings.lake_dir, self.session.app.app, self.name)
        if erased:
            bind_key(con)
        withheld = withheld_sql(erased, columns, key)
        register_references(con, self.session.app, columns, self.session.settings)
        if wanted.finds_deleted:
            keys = [column for column in columns if column.name in key]
            register_rows(
                con, SOURCE_KEYS, keys, self._watched(self.session.reader.keys(self.name))
            )
            find_deleted(con, self.table, key, columns)
        watched = () if wanted.keeps else key
        tracker = Tracker(self.entry.cursor, watched, columns, self.last)
        pace = Pace(self.session.app, self.session.reader)
        collapsed = 0
        meter = self._meter(columns, wanted)
        if scan is not None:
            _view(con, scan)
            land_stream(con, columns, key, withheld, cursor=self.entry.cursor)
        else:
            rows = self.session.reader.read(self.name, columns, wanted.since, wanted.part)
            rows = meter.follow(rows) if meter else rows
            register_rows(con, INCOMING, columns, tracker.follow(pace.follow(self._watched(rows))))
            if key and wanted.keeps:
                collapsed = land_and_keep(con, columns, key, self.entry.cursor, withheld)
            else:
                land_stream(con, columns, key, withheld)
        landing = Landing(
            self.table,
            self.quarantine,
            number=self.last.number + 1 if self.last else 1,
            at=datetime.now(UTC),
        )
        comparison = Comparison(
            key=key,
            columns=columns,
            is_whole=wanted.is_whole,
            has_deleted=wanted.finds_deleted,
            hashed_since=self.hashed_since,
            has_cursor=scan is not None and self.entry.cursor is not None,
        )
        batch_rows = self.session.app.politeness.batch_rows
        found = changes(con, self.table, comparison, batch_rows, is_new=self._is_fresh(wanted))
        if scan is not None:
            found = pace.follow(self._scanned(scan, found, tracker))
        files = landing.write(found)
        rejected = self.session.reader.rejected(self.name)
        landing.set_aside([(record.rule, record.reason, record.raw) for record in rejected])
        before = self.last.lake_rows if self.last else 0
        log_before = self.last.log_rows if self.last else 0
        return Pass(
            landing=landing,
            files=files,
            rows_read=tracker.rows,
            watermark=tracker.watermark,
            has_doubles=tracker.keys.have_doubles() if tracker.keys else None,
            is_kept=bool(key) and wanted.keeps,
            most_withheld=len(erased),
            collapsed=collapsed,
            is_whole=wanted.is_whole or (wanted.since is None and wanted.part is None),
            found_deleted=wanted.finds_deleted or wanted.is_whole,
            controls=meter.controls if meter else None,
            lake_rows=before + landing.inserted - landing.deleted,
            log_rows=None if log_before is None else log_before + sum(f.rows for f in files),
        )

    def _meter(self, columns: Sequence[Column], wanted: Wanted) -> Meter | None:
        """What adds up the control columns, where the source can't and all of it is read."""
        is_all = wanted.part is None and (wanted.since is None or wanted.is_whole)
        if not (self.entry.control and is_all and self.session.reader.sums_by == "read"):
            return None
        app = self.session.app
        wanted_columns = [column for column in columns if column.name in self.entry.control]
        return Meter(wanted_columns, app.personal_columns(self.name), app.timezone)

    def _scanned(
        self, scan: Scan, landed: Iterator[pa.RecordBatch], tracker: Tracker
    ) -> Iterator[pa.RecordBatch]:
        """What is seen of a stream on its way in, seen of rows that are landed already."""
        cursor = CURSOR if self.entry.cursor is not None else None
        try:
            for batch in landed:
                scan.look(batch)
                tracker.see(batch, cursor)
                yield batch
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            raise scan.failed(error) from None
        scan.end()

    def _watched(self, rows: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        try:
            yield from rows
        except SourceError as error:
            self._source_error = error
            raise


@contextmanager
def _in_zone(con: duckdb.DuckDBPyConnection, timezone: str) -> Iterator[None]:
    """Land in the app's time zone; the reader's own statements are in UTC."""
    con.execute(f"set TimeZone = {literal(timezone)}")
    try:
        yield
    finally:
        # Refused where the transaction broke off; the reader then begins anew, in UTC.
        with suppress(duckdb.Error):
            con.execute("set TimeZone = 'UTC'")


def _view(con: duckdb.DuckDBPyConnection, scan: Scan) -> None:
    """Make a query of the reader's readable as ``incoming``."""
    try:
        con.execute(f"create or replace temp view {INCOMING} as {scan.query}")
    except duckdb.Error as error:
        raise scan.failed(error) from None


def register_rows(
    con: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[Column],
    rows: Iterator[pa.RecordBatch],
) -> None:
    """Make a stream readable in DuckDB under ``name``; an empty one too, with its types."""
    first = next(rows, None)
    if first is None:
        nulls = ", ".join(f"cast(null as {c.source_type}) as {quoted(c.name)}" for c in columns)
        empty = con.execute(f"select {nulls} where {literal('')} <> ''").to_arrow_table()
        con.register(name, empty)
        return

    def all_rows() -> Iterator[pa.RecordBatch]:
        yield first
        yield from rows

    con.register(name, pa.RecordBatchReader.from_batches(first.schema, all_rows()))
