"""Take quarantined records in after all: the registry or the code was corrected meanwhile.

The records are read as text from the quarantine and judged by today's rules. No source is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors import registry
from connectors.reader import contract_of
from connectors.references import register_references
from connectors.registry import App
from kota.settings import Settings
from lake import raw_record
from lake.batch import Batch
from lake.column import Column
from lake.columns import UPSERT
from lake.compare import INCOMING, Comparison, changes, land_and_keep
from lake.engine import connect
from lake.landing import Landing
from lake.quarantine import Entry, Quarantine
from lake.row_hash import engine_mark, hashed_since
from lake.table import LakeTable


@dataclass(frozen=True)
class Replayed:
    """What became of the open entries of one table."""

    app: str
    table: str
    landed: int
    """Entries whose record is in the lake now."""
    outdated: int
    """Entries whose row has been repaired at the source since."""
    still_open: int


def replay(app: App, table_name: str, entries: Sequence[Entry], settings: Settings) -> Replayed:
    """Land the records of these entries that today's rules accept, as one batch.

    The caller holds the app's lock. A record never takes the place of a newer one of its key.
    """
    table = LakeTable(settings.lake_dir, app.app, table_name)
    quarantine = Quarantine(settings.lake_dir, app.app)
    last = table.last_batch()
    declared = _columns(app, table_name, table)
    columns = [raw_record.as_text(column) for column in declared]
    key = app.tables[table_name].key
    usable = [
        entry
        for entry in raw_record.with_columns(entries)
        if entry.rule not in raw_record.KEYLESS_RULES and not raw_record.is_hidden(entry, declared)
    ]
    if last is None or not key or not usable:
        return Replayed(app.app, table_name, 0, 0, len(entries))
    with connect(settings, timezone=app.timezone) as con:
        before = raw_record.last_seen(con, table, key, columns, usable)
        outdated = [e for e in usable if _is_repaired(e, before)]
        current = [e for e in usable if e not in outdated]
        raw_record.register(con, current)
        con.execute(
            f"create temp view {INCOMING} as select {raw_record.fields_sql(columns)} "
            f"from {raw_record.ENTRIES}"
        )
        register_references(con, app, columns, settings)
        land_and_keep(con, columns, key, app.tables[table_name].cursor)
        landing = Landing(table, quarantine, number=last.number + 1, at=datetime.now(UTC))
        what = Comparison(key=key, columns=columns, hashed_since=hashed_since(last))
        files = landing.write(changes(con, table, what, 50_000, is_new=False))
        if files:
            batch = _batch(last, landing, sum(file.rows for file in files))
            table.commit(batch, files, landing.schema(columns, key))
        after = raw_record.last_seen(con, table, key, columns, current)
    landed = [entry for entry in current if _is_repaired(entry, after)]
    quarantine.close(landed, "replayed")
    quarantine.close(outdated, "repaired")
    still_open = len(entries) - len(landed) - len(outdated)
    return Replayed(app.app, table_name, len(landed), len(outdated), still_open)


def _columns(app: App, table_name: str, table: LakeTable) -> list[Column]:
    """The lake's columns, as text on arrival, with today's formats and contract."""
    entry = app.tables[table_name]
    columns = []
    for name, lake_type in table.source_types().items():
        said = entry.columns.get(name, registry.Column())
        column = contract_of(Column(name, "VARCHAR", lake_type), said, app.timezone)
        columns.append(replace(column, declared_type=lake_type))
    return columns


def _is_repaired(entry: Entry, seen: dict[str, tuple[int, str]]) -> bool:
    batch, operation = seen.get(entry.id, (0, ""))
    return operation == UPSERT and batch >= entry.batch + entry.is_loaded


def _batch(last: Batch, landing: Landing, log_rows: int) -> Batch:
    return last.model_copy(
        update={
            "number": landing.number,
            "extracted_at": landing.at,
            "watermark_before": last.watermark_after,
            "rows_read": 0,
            "rows_upserted": landing.upserted,
            "rows_deleted": 0,
            "rows_quarantined": 0,
            "lake_rows": last.lake_rows + landing.inserted,
            "log_rows": None if last.log_rows is None else last.log_rows + log_rows,
            "source_rows": None,
            "controls": [],
            "column_changes": [],
            "hash_mark": engine_mark(),
            "hashed_since": hashed_since(last),
            "note": f"replayed {landing.upserted} records from the quarantine",
            "file_checksums": {},
        }
    )
