"""Land one table of a bundle in the city's lake: batch by batch, each once, in its order.

A batch of the village becomes a batch of the city, under the city's own tokens and hashes, and its
ledger entry says which one it was. What has landed is known from there, and from nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain

import duckdb
import pyarrow as pa

from connectors.bundle.contents import SentBatch, SentTable
from connectors.bundle.place import Place
from connectors.bundle.rows import (
    ARRIVED,
    BATCH_ROWS,
    EVERYTHING,
    PLACE,
    deleted_of,
    keyless_changes,
    upserts_of,
    whole_of,
)
from connectors.reader import SourceError, landing_columns
from connectors.registry import App
from connectors.result import TableResult
from connectors.table_run import MassDeletionError
from kota.settings import Settings
from lake.batch import Batch
from lake.column import Column, Contract
from lake.columns import OP, quoted
from lake.compare import Comparison, changes, land_stream
from lake.data_file import DataFile
from lake.drift import settle_drift
from lake.erasures import erased_keys, withheld_sql
from lake.landing import Landing
from lake.quarantine import Quarantine
from lake.rotate import check_token_key
from lake.row_hash import engine_mark, hashed_since
from lake.table import LakeTable
from lake.token import bind_key, token_key_id, token_keys
from lake.widen import widen


@dataclass(frozen=True)
class City:
    """Where bundles of an app land."""

    app: App
    settings: Settings
    con: duckdb.DuckDBPyConnection
    allow_mass_deletion: bool = False


class TableLanding:
    """Lands what a bundle holds of one table."""

    def __init__(self, city: City, sent: SentTable) -> None:
        self.city = city
        self.sent = sent
        self.entry = city.app.tables[sent.name]
        self.table = LakeTable(city.settings.lake_dir, city.app.app, sent.name)
        self.quarantine = Quarantine(city.settings.lake_dir, city.app.app)
        self.result = TableResult(app=city.app.app, table=sent.name, outcome="unchanged")
        self.columns: list[Column] = []
        self.withheld: str | None = None
        self.last = self.table.last_batch()
        self.known = Place.from_text(self.last.place) if self.last else None

    def land(self, rows: Iterator[Iterator[pa.RecordBatch]]) -> TableResult:
        """Land the batches the city lacks; ``rows`` gives those of each batch, and is read up."""
        is_known = self.known is not None and self.known.origin == self.sent.upto.origin
        have = self.known.batch if self.known is not None and is_known else 0
        if have < self.sent.upto.batch:
            self._prepare()
        if self.last is not None and not is_known:
            self._take_over(rows)
        else:
            for batch, stream in zip(self.sent.batches, rows, strict=True):
                if batch.number > have:
                    self._arrive(stream)
                    self._land(batch)
                else:
                    for _ in stream:
                        pass
        if self.table.exists():
            self.result.lake_version = self.table.version()
        return self.result

    def _prepare(self) -> None:
        """Settle which columns land, and how; and bind the token key if it is needed."""
        if list(self.sent.key) != self.entry.key or self.sent.mode != self.entry.mode:
            raise SourceError(
                f"{self.table.name}: the village's registry file has another key or mode than the "
                "city's; give both the same file"
            )
        described = [Column(name, kind, kind) for name, kind in self.sent.columns]
        dropped = [name for name, said in self.entry.columns.items() if said.policy == "drop"]
        # The village has dropped them already; the registry file names them all the same.
        described += [
            Column(name, "VARCHAR", "VARCHAR")
            for name in dropped
            if name not in dict(self.sent.columns)
        ]
        # The village judged the rows where they were read, by the same file: what broke a rule
        # comes with the bundle as quarantine.
        self.columns = [
            replace(column, declared_type=column.source_type, contract=Contract())
            for column in landing_columns(self.city.app, self.sent.name, described)
        ]
        drift = settle_drift(self.table, self.columns)
        self.columns = drift.columns
        self.result.message = "; ".join(drift.notes)
        if drift.widened:
            widen(self.table, drift.widened, self.city.settings, self.city.app.timezone)
            self.last = self.table.last_batch()
        erased = erased_keys(self.city.settings.lake_dir, self.city.app.app, self.sent.name)
        if self._has_tokens():
            check_token_key(self.table)
        if erased or self._has_tokens():
            bind_key(self.city.con)
        self.withheld = withheld_sql(erased, self.columns, self.entry.key)

    def _arrive(self, stream: Iterator[pa.RecordBatch]) -> None:
        """Hold the rows of one batch in the relation ``arrived``."""
        first = next(stream, None)
        con = self.city.con
        con.execute(f"drop table if exists {ARRIVED}")
        if first is None:
            return

        # A chain and no generator: one that fails half-way would close the stream.
        rows = pa.RecordBatchReader.from_batches(first.schema, chain([first], stream))
        con.register("stream", rows)
        con.execute(f"create temp table {ARRIVED} as select * from stream")
        con.unregister("stream")

    def _land(self, batch: SentBatch) -> None:
        if batch.rows == 0:
            self._commit(batch, self._landing(batch), [], batch.number)
            return
        con, key = self.city.con, self.entry.key
        landing = self._landing(batch)
        is_new = not self.table.exists()
        what = Comparison(
            key=key,
            columns=self.columns,
            has_deleted=bool(key) and not is_new,
            hashed_since=hashed_since(self.last),
        )
        if key:
            upserts_of(con, self.columns)
            land_stream(con, self.columns, key, self.withheld)
            if what.has_deleted:
                deleted_of(con, self.table, what)
            files = landing.write(changes(con, self.table, what, BATCH_ROWS, is_new=is_new))
        else:
            files = landing.write(keyless_changes(con, self.table, what, self.withheld))
        self._commit(batch, landing, files, batch.number)

    def _take_over(self, rows: Iterator[Iterator[pa.RecordBatch]]) -> None:
        """The laptop began the table anew: compare all of it with what the city has."""
        con, key = self.city.con, self.entry.key
        last = self.sent.batches[-1]
        if not last.is_complete:
            raise SourceError(
                f"{self.table.name}: the laptop began it anew and has not loaded all of it yet; "
                "let it make another bundle"
            )
        fields = "".join(f"{quoted(name)} {kind}, " for name, kind in self.sent.columns)
        con.execute(
            f"create or replace temp table {EVERYTHING} ({fields}{OP} varchar, {PLACE} bigint)"
        )
        for place, stream in enumerate(rows):
            for part in stream:
                con.register("part", pa.Table.from_batches([part]))
                con.execute(
                    f"insert into {EVERYTHING} by name select *, {place} as {PLACE} from part"
                )
                con.unregister("part")
        whole_of(con, self.columns, key)
        land_stream(con, self.columns, key, self.withheld)
        landing = self._landing(last)
        what = Comparison(
            key=key, columns=self.columns, is_whole=True, hashed_since=hashed_since(self.last)
        )
        files = landing.write(changes(con, self.table, what, BATCH_ROWS, is_new=False))
        self.result.message = "; ".join(
            filter(None, [self.result.message, f"{self.table.name}: the laptop began it anew"])
        )
        self._commit(last, landing, files, last.number)

    def _landing(self, batch: SentBatch) -> Landing:
        """When the village read it, but never before the last batch and never in the future."""
        at = min(datetime.now(UTC), batch.extracted_at)
        if self.last is not None:
            at = max(at, self.last.extracted_at)
        number = self.last.number + 1 if self.last else 1
        return Landing(self.table, self.quarantine, number=number, at=at)

    def _commit(
        self, batch: SentBatch, landing: Landing, files: list[DataFile], number: int
    ) -> None:
        self._refuse_mass_deletion(landing, files)
        last, result = self.last, self.result
        landing.commit_quarantine()
        log_before = last.log_rows if last else 0
        rows = sum(file.rows for file in files)
        place = Place(self.sent.upto.origin, self.sent.upto.begun, number)
        ours = Batch(
            app=self.city.app.app,
            table=self.sent.name,
            number=landing.number,
            mode=self.entry.mode,
            extracted_at=landing.at,
            place=place.to_text(),
            is_complete=batch.is_complete,
            rows_read=batch.rows,
            rows_upserted=landing.upserted,
            rows_deleted=landing.deleted,
            rows_quarantined=landing.quarantined,
            rows_withheld=landing.withheld,
            lake_rows=(last.lake_rows if last else 0) + landing.inserted - landing.deleted,
            log_rows=None if log_before is None else log_before + rows,
            source_rows=batch.source_rows,
            token_key_id=token_key_id(token_keys()) if self._has_tokens() else None,
            hash_mark=engine_mark(),
            hashed_since=hashed_since(self.last),
            note=result.message or None,
        )
        self.table.commit(ours, files, landing.schema(self.columns, self.entry.key))
        self.last = ours
        result.outcome = "landed"
        result.rows_read += batch.rows
        result.rows_landed += landing.upserted
        result.rows_deleted += landing.deleted
        result.rows_quarantined += landing.quarantined
        result.source_rows = batch.source_rows

    def _refuse_mass_deletion(self, landing: Landing, files: list[DataFile]) -> None:
        before = self.last.lake_rows if self.last else 0
        allowed = before * self.entry.max_deleted_share
        if self.city.allow_mass_deletion or landing.deleted <= allowed:
            return
        self.table.discard(files)
        raise MassDeletionError(
            f"{self.table.name}: the bundle deletes {landing.deleted} of {before} rows, more than "
            f"max_deleted_share {self.entry.max_deleted_share:.0%} allows; if that is right, "
            "receive it with --allow-mass-deletion"
        )

    def _has_tokens(self) -> bool:
        return any(column.policy == "token" for column in self.columns)
