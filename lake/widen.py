"""Give columns of a table a wider type: its files are written anew, in one commit.

Delta has no wider type for files that are there already, and readers other than ours would refuse
them. The old files stay for the snapshots that name them, until `kota lake maintain`.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.transaction import AddAction, RemoveAction

from kota.settings import Settings
from lake import columns as c
from lake.delta_log import files_at, read_log
from lake.engine import connect
from lake.landing import arrow_type
from lake.maintenance import Maintenance
from lake.rewrite import BATCH_ROWS, following, maintenance_lock, parquet, rows_may_change
from lake.table import LakeTable


def widen(table: LakeTable, types: Mapping[str, str], settings: Settings, timezone: str) -> None:
    """Widen columns (name to new lake type). A date becomes its midnight in ``timezone``.

    The caller holds the app's extraction lock. Raises ``BusyError`` while maintenance goes on.
    """
    last = table.last_batch()
    if last is None:
        return
    with maintenance_lock(settings.lake_dir, table.app), rows_may_change(table):
        old = files_at(read_log(table.path))
        known = pa.schema(DeltaTable(str(table.path)).schema().to_arrow())
        wider = pa.schema(
            [pa.field(f.name, arrow_type(types[f.name])) if f.name in types else f for f in known]
        )
        casts = ", ".join(
            f"{_cast(name, known.field(name).type, to, timezone)} as {c.quoted(name)}"
            for name, to in types.items()
        )
        new = []
        if old:
            with connect(settings) as con:
                select = f"select * replace ({casts}) from {parquet(table, list(old))}"
                rows = con.execute(select).to_arrow_reader(BATCH_ROWS)
                schema = pa.schema([wider.field(name) for name in rows.schema.names])
                new = table.write_files(batch.cast(schema) for batch in rows)
        at = datetime.now(UTC)
        said = ", ".join(f"{name} is {to} now" for name, to in types.items())
        # Rows before this batch were hashed as what they were then.
        batch = following(last, at, f"widened: {said}", hashed_since=last.number + 2)
        entry = Maintenance(
            kind="widening",
            at=at,
            removed=sorted(old),
            added={file.name: file.sha256 for file in new},
            rows_before=sum(file.rows for file in old.values()),
            rows_after=sum(file.rows for file in new),
        )
        stamp = int(at.timestamp() * 1000)
        actions = list[AddAction | RemoveAction](
            AddAction(f.name, f.size, {}, stamp, True, json.dumps({"numRecords": f.rows}))
            for f in new
        )
        DeltaTable(str(table.path)).create_write_transaction(
            actions,
            "overwrite",
            Schema.from_arrow(wider),
            commit_properties=CommitProperties(
                custom_metadata=entry.to_commit() | batch.to_commit(),
                app_transactions=[Transaction(table.name, batch.number)],
            ),
        )


def _cast(name: str, old: pa.DataType, to: str, timezone: str) -> str:
    value = c.quoted(name)
    if pa.types.is_date(old):
        return f"timezone({c.literal(timezone)}, cast({value} as timestamp))"
    return f"cast({value} as {to})"
