"""One batch on its way into the lake: split off the quarantine, stamp, write, count."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from lake import columns as c
from lake.column import Column
from lake.compare import CHANGED, ENTRY, HELPERS, NEW, RAW, REASON, RULE
from lake.data_file import DataFile
from lake.quarantine import SCHEMA, Quarantine
from lake.rules import ERASED, UNDECODABLE
from lake.table import LakeTable

UTC_MICROSECONDS = pa.timestamp("us", tz="UTC")


class Landing:
    """Writes a stream of changes and counts it. Nothing is visible before the commits."""

    def __init__(
        self, table: LakeTable, quarantine: Quarantine, *, number: int, at: datetime
    ) -> None:
        self.table = table
        self.quarantine = quarantine
        self.number = number
        self.at = at
        self.upserted = 0
        self.inserted = 0
        self.deleted = 0
        self.quarantined = 0
        """Records that were not in quarantine before."""
        self.unloaded = 0
        """Of these: records that are in quarantine instead of in the lake."""
        self.withheld = 0
        """Rows of persons who were erased: read, and neither landed nor kept."""
        self.reasons: Counter[str] = Counter()
        self.met: set[str] = set()
        """Entries, old and new, whose record was met."""
        self._entries: list[pa.RecordBatch] = []
        self._known = quarantine.standing_ids(table.table)

    def write(self, changes: Iterable[pa.RecordBatch]) -> list[DataFile]:
        """Stream changes (as ``lake.compare.changes`` gives them) into uncommitted files."""
        return self.table.write_files(self._sound(changes))

    def set_aside(self, records: Sequence[tuple[str, str, str]]) -> None:
        """Keep records (rule, reason, raw) that did not even come apart into columns."""
        if records:
            rules, reasons, raws = zip(*records, strict=True)
            ids = [
                hashlib.md5("".join(record).encode(), usedforsecurity=False).hexdigest()
                for record in records
            ]
            columns = [pa.array(values, pa.string()) for values in (ids, rules, reasons, raws)]
            self._set_aside([*columns, pa.repeat(pa.scalar(False), len(records))])

    def commit_quarantine(self) -> None:
        """Keep what could not be taken in. Before the batch: a kill between them loses nothing."""
        if self._entries:
            self.quarantine.add(self._entries)

    def schema(self, columns: Sequence[Column], key: Sequence[str]) -> pa.Schema:
        """The lake's schema of these columns, kota's own included."""
        fields = [pa.field(col.name, arrow_type(col.lake_type)) for col in columns]
        copies = [] if key else [pa.field(c.COPY, pa.int64())]
        return pa.schema([*fields, *copies, *_system_fields()])

    def _sound(self, changes: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in changes:
            if batch.num_rows == 0:
                continue
            if batch.column(RULE).null_count < batch.num_rows:
                is_erased = pc.fill_null(pc.equal(batch.column(RULE), ERASED), False)
                self.withheld += pc.sum(is_erased).as_py() or 0
                batch = batch.filter(pc.invert(is_erased))
                self._split_off(batch.filter(pc.is_valid(batch.column(RULE))))
                loads = pc.fill_null(pc.equal(batch.column(RULE), UNDECODABLE), True)
                batch = batch.filter(pc.and_(loads, batch.column(CHANGED)))
            stamped = self._stamp(batch)
            deleted = pc.sum(pc.equal(batch.column(c.OP), c.DELETE)).as_py() or 0
            self.deleted += deleted
            self.upserted += stamped.num_rows - deleted
            self.inserted += pc.sum(batch.column(NEW)).as_py() or 0
            yield stamped

    def _split_off(self, rejected: pa.RecordBatch) -> None:
        loaded = pc.equal(rejected.column(RULE), UNDECODABLE)
        columns = [rejected.column(name) for name in (ENTRY, RULE, REASON, RAW)]
        self._set_aside([*columns, loaded])

    def _set_aside(self, arrays: Sequence[pa.Array]) -> None:
        ids = arrays[0].to_pylist()
        fresh = []
        for entry in ids:
            fresh.append(entry not in self._known and entry not in self.met)
            self.met.add(entry)
        arrays = [array.filter(pa.array(fresh, pa.bool_())) for array in arrays]
        entry, rule, reason, raw, loaded = arrays
        rows = len(entry)
        if rows == 0:
            return
        self.quarantined += rows
        self.unloaded += rows - (pc.sum(loaded).as_py() or 0)
        self.reasons.update(reason.to_pylist())
        self._entries.append(
            pa.RecordBatch.from_arrays(
                [
                    entry,
                    pa.repeat(pa.scalar("open"), rows),
                    pa.repeat(pa.scalar(self.table.table), rows),
                    pa.repeat(pa.scalar(self.number, pa.int64()), rows),
                    rule,
                    reason,
                    raw,
                    loaded,
                    pa.repeat(pa.scalar(self.at, UTC_MICROSECONDS), rows),
                ],
                schema=SCHEMA,
            )
        )

    def _stamp(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Add batch number and time; instants are labelled UTC, whatever the session's zone."""
        rows = batch.num_rows
        names = [name for name in batch.schema.names if name not in (*HELPERS, c.OP, c.HASH)]
        arrays = [_utc(batch.column(name)) for name in names]
        system = [
            pa.repeat(pa.scalar(self.number, pa.int64()), rows),
            batch.column(c.OP),
            pa.repeat(pa.scalar(self.at, UTC_MICROSECONDS), rows),
            batch.column(c.HASH),
        ]
        fields = [pa.field(name, array.type) for name, array in zip(names, arrays, strict=True)]
        return pa.RecordBatch.from_arrays(
            [*arrays, *system], schema=pa.schema([*fields, *_system_fields()])
        )


def arrow_type(lake_type: str) -> pa.DataType:
    """The Arrow type of a lake type, as ``lake.columns.lake_type`` names it."""
    if lake_type.startswith("DECIMAL("):
        precision, scale = lake_type[8:-1].split(",")
        return pa.decimal128(int(precision), int(scale))
    types: dict[str, pa.DataType] = {
        "BIGINT": pa.int64(),
        "DOUBLE": pa.float64(),
        "BOOLEAN": pa.bool_(),
        "DATE": pa.date32(),
        "BLOB": pa.binary(),
        "TIMESTAMP WITH TIME ZONE": UTC_MICROSECONDS,
        "VARCHAR": pa.string(),
    }
    return types[lake_type]


def _system_fields() -> list[pa.Field]:
    return [
        pa.field(c.BATCH, pa.int64()),
        pa.field(c.OP, pa.string()),
        pa.field(c.AT, UTC_MICROSECONDS),
        pa.field(c.HASH, pa.int64()),
    ]


def _utc(array: pa.Array) -> pa.Array:
    return array.cast(UTC_MICROSECONDS) if pa.types.is_timestamp(array.type) else array
