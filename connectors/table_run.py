"""One table of one run: read, compare, commit. Nothing counts before the commit."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connectors.controls import as_controls, would_add_up
from connectors.due import counting_is_due, keys_are_due, rereading_is_due
from connectors.one_pass import Pass, Session, TablePass, Wanted
from connectors.parts import load_parts
from connectors.reader import SourceError, landing_columns
from connectors.result import TableResult
from connectors.watermark import not_after, start_from
from lake import raw_record
from lake.batch import Batch
from lake.column import Column
from lake.column_change import ColumnChange
from lake.columns import DELETE, UPSERT, quoted_list
from lake.compare import KEPT_SOUND
from lake.drift import settle_drift
from lake.quarantine import Entry, Quarantine
from lake.row_hash import engine_mark, hashed_since
from lake.table import LakeTable
from lake.token import token_key_id, token_keys
from lake.widen import widen

FEW_REJECTED = 100
"""So many rejected rows never stop a batch, whatever their share."""


class MassDeletionError(Exception):
    """A batch would delete more of a table than its registry entry allows."""


class TooManyRejectedError(Exception):
    """A greater share of a batch breaks its rules than its registry entry allows."""


class TableRun:
    """Reads one table in an open session and lands what changed."""

    def __init__(self, session: Session, name: str, previous: TableResult | None) -> None:
        self.session = session
        self.app = session.app
        self.name = name
        self.entry = session.app.tables[name]
        self.reader = session.reader
        self.previous = previous
        """This table in the run before: when it was compared, though nothing landed."""
        self.table = LakeTable(session.settings.lake_dir, self.app.app, name)
        self.quarantine = Quarantine(session.settings.lake_dir, self.app.app)
        self.last = self.table.last_batch()
        self.now = datetime.now(UTC)
        self.notes: list[str] = []
        self.gone: list[str] = []
        """Columns that the source has no more, so that its rows land without them."""
        self.changes: list[ColumnChange] = []
        """New and widened columns."""
        self.result = TableResult(app=self.app.app, table=name, outcome="unchanged")

    def land(self) -> TableResult:
        """Land what changed, or nothing when nothing did. Raises the errors of the rooms below."""
        last = self.last
        if last is not None and last.is_complete and not self._has_news(last):
            self._as_counted(last)
            return self._finished()
        described = self.reader.describe(self.name)
        columns = landing_columns(self.app, self.name, described)
        drift = settle_drift(self.table, columns)
        self.notes += drift.notes
        columns = drift.columns
        self.gone = sorted(self.reader.lost(self.name, drift.gone))
        self.changes = drift.changes
        if drift.widened:
            widen(self.table, drift.widened, self.session.settings, self.app.timezone)
            last = self.last = self.table.last_batch()
        if last is None or not last.is_complete:
            self._load(columns)
        else:
            self._update(columns, last)
        return self._finished()

    def _load(self, columns: Sequence[Column]) -> None:
        """The first load. A part that has landed is not read again, whatever happens after it."""
        resumed = self.last
        parts = list(
            load_parts(self.app, self.name, columns, self.reader, resumed.part if resumed else None)
        )
        for number, part in enumerate(parts, start=1):
            one = self._whole_pass(columns, Wanted(part=part, keeps=False))
            if self.entry.key and self._has_doubles(one):
                self.table.discard(one.files)
                one = self._pass(columns, Wanted(part=part))
            if resumed is not None:
                # Rows of the earlier parts may have changed since they were read: the next run
                # reads again from where the first reading was.
                one.watermark = resumed.watermark_after
            is_complete = number == len(parts)
            source_rows = self._counted(one) if is_complete else None
            if is_complete:
                self._add_up(columns, one)
            self._commit(columns, one, source_rows, part.upto if part else None, is_complete)
            if resumed is None:
                self.result.compared_at = self.result.reread_at = self.now

    def _update(self, columns: Sequence[Column], last: Batch) -> None:
        """Every run after the first.

        Where other rows are in the lake than the source counts, rows came in behind the watermark
        (restored from a backup, say): all keys are compared, and if that does not explain it the
        table is read again from the start.
        """
        since = self._since(last)
        looks_for_deleted = self.entry.deletions != "never" and last.place is None
        finds_deleted = (
            since is not None
            and looks_for_deleted
            and keys_are_due(self.entry, last.lake_rows, self.result.compared_at, self.now)
        )
        is_whole = self.entry.mode == "snapshot" or (since is None and looks_for_deleted)
        one = self._whole_pass(
            columns, Wanted(since=since, is_whole=is_whole, finds_deleted=finds_deleted)
        )
        is_compared = finds_deleted or one.is_whole
        source_rows = None
        if counting_is_due(self.entry, last.lake_rows, is_compared=is_compared):
            source_rows = self._counted(one)
        if not is_whole and self._is_off(columns, one, source_rows) and looks_for_deleted:
            if not finds_deleted:
                self.table.discard(one.files)
                one = self._pass(columns, Wanted(since=since, finds_deleted=True))
            if self._is_off(columns, one, source_rows):
                self.table.discard(one.files)
                self.notes.append(
                    f"{self.table.name}: the source has {source_rows} rows and the lake would "
                    f"have {one.lake_rows}, so the whole table was read again"
                )
                one = self._whole_pass(columns, Wanted(is_whole=True))
        if source_rows is not None:
            self._add_up(columns, one)
            if not one.is_whole and looks_for_deleted and (off := self._wrong_sums(columns, one)):
                self.table.discard(one.files)
                self.notes.append(
                    f"{self.table.name}: {', '.join(off)} would add up to other than at the "
                    "source, so the whole table was read again"
                )
                one = self._whole_pass(columns, Wanted(is_whole=True))
        self._refuse_mass_deletion(one, last)
        if one.found_deleted:
            self.result.compared_at = self.now
        if one.is_whole:
            self.result.reread_at = self.now
        self._commit(columns, one, source_rows, None, True)

    def _since(self, last: Batch) -> str | None:
        """Where to read from; None reads all."""
        if last.place is not None:
            return last.place
        if self.entry.mode == "snapshot":
            return None
        if set(last.columns_gone) - set(self.gone):
            return None  # rows landed without a column that is back: all of them are read again
        if rereading_is_due(self.entry, last.lake_rows, self.result.reread_at, self.now):
            return None
        return start_from(last.watermark_after, self.entry.lookback, self.table.name)

    def _has_news(self, last: Batch) -> bool:
        times = [(last.compared_at, last.reread_at)]
        if self.previous is not None:
            times.append((self.previous.compared_at, self.previous.reread_at))
        self.result.compared_at = max((t[0] for t in times if t[0]), default=None)
        self.result.reread_at = max((t[1] for t in times if t[1]), default=None)
        return self.reader.has_news(self.name, last.place)

    def _whole_pass(self, columns: Sequence[Column], wanted: Wanted) -> Pass:
        """A pass that, where it reads the whole table, got as many rows as the source counts.

        A stream that ends early without an error would delete rows, and a page given twice would
        double rows without a key: it is read once more, and then the table fails.
        """
        one = self._pass(columns, wanted)
        if wanted.since is None and wanted.part is None and self._is_torn(one):
            self.table.discard(one.files)
            one = self._pass(columns, wanted)
            if self._is_torn(one):
                self.table.discard(one.files)
                raise SourceError(
                    f"{self.table.name}: the source counts {one.source_rows} rows and "
                    f"gave {one.rows_read}, twice; nothing landed, the next run tries again"
                )
        return one

    def _counted(self, one: Pass) -> int | None:
        """What the source counts, asked once."""
        return self.reader.count(self.name) if one.source_rows is None else one.source_rows

    def _as_counted(self, last: Batch) -> None:
        """The source is sure that nothing changed since it was counted."""
        self.result.source_rows = last.source_rows
        self.result.count_basis = last.count_basis
        self.result.is_one_moment = last.is_one_moment
        self.result.controls = last.controls
        self.result.control_basis = last.control_basis

    def _add_up(self, columns: Sequence[Column], one: Pass) -> None:
        """What the control columns add up to, by the source or over all that was read."""
        self.result.control_basis = self.reader.sums_by
        if one.controls is not None or self.reader.sums_by == "read":
            self.result.controls = one.controls or []
            return
        wanted = [column for column in columns if column.name in self.entry.control]
        found = self.reader.control_sums(self.name, wanted) if wanted else []
        personal = self.app.personal_columns(self.name)
        self.result.controls = as_controls(self.session.con, found, wanted, personal)

    def _wrong_sums(self, columns: Sequence[Column], one: Pass) -> list[str]:
        """The columns that would not add up: of a row that changed and kept its cursor, say.

        Where records are held back or withheld they may be the difference, which the audit judges.
        """
        is_held = self.quarantine.standing_ids(self.name) or one.landing.met
        known = self.table.source_types()
        is_new = any(control.column not in known for control in self.result.controls)
        if not self.result.controls or is_held or one.most_withheld or is_new:
            return []
        lake = would_add_up(
            self.session.con, self.table, one.files, self.entry.key, columns, self.result.controls
        )
        return [
            c.column
            for c, ours in zip(self.result.controls, lake, strict=True)
            if not c.adds_up_to(ours)
        ]

    def _is_torn(self, one: Pass) -> bool:
        one.source_rows = self.reader.count(self.name)
        given = one.rows_read + len(self.reader.rejected(self.name))
        return one.source_rows is not None and one.source_rows != given

    def _pass(self, columns: Sequence[Column], wanted: Wanted) -> Pass:
        one = TablePass(self.session, self.table, self.last, hashed_since(self.last)).read(
            columns, wanted
        )
        self.result.rows_read += one.rows_read
        rejected = one.landing.quarantined
        if rejected > FEW_REJECTED and rejected > one.rows_read * self.entry.max_rejected_share:
            self.table.discard(one.files)
            reason, rows = one.landing.reasons.most_common(1)[0]
            raise TooManyRejectedError(
                f"{rejected} of {one.rows_read} rows were rejected, more than max_rejected_share "
                f"{self.entry.max_rejected_share:.0%} allows; nothing landed. Most often ({rows}): "
                f"{reason}. Correct {self.app.app}.yml or the source"
            )
        return one

    def _is_off(self, columns: Sequence[Column], one: Pass, source_rows: int | None) -> bool:
        """Whether the lake would have other rows than the source, quarantine included."""
        if source_rows is None:
            return False
        absent = one.landing.unloaded
        entries = [e for e in self.quarantine.standing_entries(self.name) if not e.is_loaded]
        if entries:
            seen = self._last_seen(columns, entries, one)
            absent += sum(seen.get(entry.id, (0, ""))[1] != UPSERT for entry in entries)
        return not 0 <= source_rows - one.lake_rows - absent <= one.most_withheld

    def _last_seen(
        self, columns: Sequence[Column], entries: Sequence[Entry], one: Pass
    ) -> dict[str, tuple[int, str]]:
        landing = (KEPT_SOUND, one.landing.number) if one.is_kept else None
        return raw_record.last_seen(
            self.session.con, self.table, self.entry.key, columns, entries, landing
        )

    def _has_doubles(self, one: Pass) -> bool:
        """Whether a key occurs twice in files just written."""
        if one.has_doubles is not None or not one.files:
            return bool(one.has_doubles)
        keys = quoted_list(self.entry.key)
        row = self.session.con.execute(
            f"select 1 from {self.table.files_relation(one.files)} "
            f"group by {keys} having count(*) > 1 limit 1"
        ).fetchone()
        return row is not None

    def _refuse_mass_deletion(self, one: Pass, last: Batch) -> None:
        deleted = one.landing.deleted
        most = last.lake_rows * self.entry.max_deleted_share
        if self.session.allow_mass_deletion or deleted <= most:
            return
        self.table.discard(one.files)
        raise MassDeletionError(
            f"the source lost {deleted} of {last.lake_rows} rows since the last run, more than "
            f"max_deleted_share {self.entry.max_deleted_share:.0%} allows; if that is right, "
            f"run `kota extract {self.app.app} --allow-mass-deletion`"
        )

    def _commit(
        self,
        columns: Sequence[Column],
        one: Pass,
        source_rows: int | None,
        part: int | None,
        is_complete: bool,
    ) -> None:
        """Quarantine first, then the batch: a kill between them repeats, and loses nothing."""
        landing, last = one.landing, self.last
        if one.collapsed:
            self.notes.append(
                f"{self.table.name}: {one.collapsed} rows repeat another row in full and were "
                "left out; the key may not be a key"
            )
        landing.commit_quarantine()
        self.result.rows_landed += landing.upserted
        self.result.rows_deleted += landing.deleted
        self.result.rows_quarantined += landing.quarantined
        self.result.source_rows = source_rows
        self.result.count_basis = self.reader.counts_by
        self.result.is_one_moment = self.reader.is_one_moment(self.name)
        place = self.reader.place(self.name)
        if one.files or last is None or not last.is_complete or self._moved_on(last, place):
            batch = Batch(
                app=self.app.app,
                table=self.name,
                number=landing.number,
                mode=self.entry.mode,
                extracted_at=landing.at,
                watermark_before=last.watermark_after if last else None,
                watermark_after=not_after(one.watermark, self.now, ZoneInfo(self.app.timezone)),
                place=place,
                part=part,
                is_complete=is_complete,
                compared_at=self.result.compared_at,
                reread_at=self.result.reread_at,
                rows_read=one.rows_read,
                rows_upserted=landing.upserted,
                rows_deleted=landing.deleted,
                rows_quarantined=landing.quarantined,
                lake_rows=one.lake_rows,
                log_rows=one.log_rows,
                source_rows=source_rows,
                count_basis=self.result.count_basis,
                is_one_moment=self.result.is_one_moment,
                controls=self.result.controls,
                control_basis=self.result.control_basis,
                rows_withheld=landing.withheld,
                token_key_id=_token_key_id(columns),
                hash_mark=engine_mark(),
                hashed_since=hashed_since(self.last),
                columns_gone=self.gone,
                column_changes=self._column_changes(last),
                note="; ".join(self.notes) or None,
            )
            self.table.commit(batch, one.files, landing.schema(columns, self.entry.key))
            self.last = batch
            self.result.outcome = "landed"
        if last is not None:
            self._close_entries(columns, one)

    def _column_changes(self, last: Batch | None) -> list[ColumnChange]:
        """What this batch tells of columns; of those that are gone, when they go and come back."""
        before, now = set(last.columns_gone if last else ()), set(self.gone)
        return [
            *self.changes,
            *(ColumnChange(kind="gone_column", column=name) for name in sorted(now - before)),
            *(ColumnChange(kind="back_column", column=name) for name in sorted(before - now)),
        ]

    def _moved_on(self, last: Batch, place: str | None) -> bool:
        """Whether the ledger has something to say though no row changed."""
        return place != last.place or self.gone != last.columns_gone

    def _close_entries(self, columns: Sequence[Column], one: Pass) -> None:
        """Close what was repaired at the source or is no longer there.

        A run that is killed before this leaves entries open; the next one sees the same.
        """
        entries = self.quarantine.standing_entries(self.name)
        if not entries:
            return
        repaired, gone = [], []
        seen = self._last_seen(columns, entries, one)
        for entry in entries:
            batch, operation = seen.get(entry.id, (0, ""))
            if entry.id in one.landing.met:
                continue
            if operation == UPSERT and batch >= entry.batch + entry.is_loaded:
                repaired.append(entry)
            elif one.is_whole or (operation == DELETE and batch >= entry.batch):
                gone.append(entry)
            elif entry.is_loaded and self.entry.key and not operation:
                # Its batch was never committed, and what that had read was read again without it.
                gone.append(entry)
        self.quarantine.close(repaired, "repaired")
        self.quarantine.close(gone, "gone")

    def _finished(self) -> TableResult:
        version = self.table.version()
        self.notes += [
            note if note.startswith(self.table.name) else f"{self.table.name}: {note}"
            for note in self.reader.notes(self.name)
        ]
        return self.result.model_copy(
            update={"message": "; ".join(self.notes), "lake_version": version}
        )


def _token_key_id(columns: Sequence[Column]) -> str | None:
    has_tokens = any(column.policy == "token" for column in columns)
    return token_key_id(token_keys()) if has_tokens else None
