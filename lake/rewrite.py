"""Put new files in the place of old ones, in one commit that says what was exchanged.

The Parquet files are kota's own, not those of delta-rs's `optimize`: that writes the least and
greatest value of every column into the log, personal data too, and keeps no checksums.

Two rewritings of one table must not run at once: delta-rs does not see that both replace the same
files, and the rows would be there twice. Whoever rewrites holds ``maintenance_lock``. Extractions
go on meanwhile, since they only add.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction
from deltalake.exceptions import CommitFailedError
from deltalake.transaction import AddAction, RemoveAction

from lake.batch import Batch
from lake.columns import literal
from lake.data_file import DataFile
from lake.delta_log import LoggedFile
from lake.lock import exclusive
from lake.maintenance import Maintenance
from lake.table import LakeTable

APPEND_ONLY = "delta.appendOnly"
ATTEMPTS = 5
BATCH_ROWS = 100_000


def maintenance_lock(lake_dir: Path, app: str) -> AbstractContextManager[None]:
    """Held by whoever replaces files of an app. Raises ``BusyError``."""
    return exclusive(lake_dir / app / ".maintenance.lock", f"maintenance of {app}")


def extraction_lock(lake_dir: Path, app: str) -> AbstractContextManager[None]:
    """The lock an extraction holds; who has it knows that nothing lands. Raises ``BusyError``."""
    return exclusive(lake_dir / app / ".lock", f"extracting {app}")


def parquet(table: LakeTable, names: Sequence[str]) -> str:
    """These files of a table as a DuckDB table expression."""
    files = ", ".join(literal(str(table.path / name)) for name in names)
    return f"read_parquet([{files}], union_by_name = true)"


def write(
    con: duckdb.DuckDBPyConnection,
    table: LakeTable,
    select: str,
    parameters: Mapping[str, object] | None = None,
) -> list[DataFile]:
    """Write the result of a query as files of the table, uncommitted, with the table's types.

    The connection's time zone has to be UTC, as ``lake.engine.connect`` has it by default.
    """
    known = pa.schema(DeltaTable(str(table.path)).schema().to_arrow())
    con.execute("set preserve_insertion_order = true")  # equal neighbours compress well
    reader = con.execute(select, parameters).to_arrow_reader(BATCH_ROWS)
    schema = pa.schema([known.field(name) for name in reader.schema.names])
    return table.write_files(batch.cast(schema) for batch in reader)


def commit(
    table: LakeTable,
    old: Sequence[LoggedFile],
    new: Sequence[DataFile],
    entry: Maintenance,
    *,
    batch: Batch | None = None,
) -> None:
    """Exchange the files. ``batch`` is a ledger entry that comes with it, where rows change.

    A compaction moves rows and changes none (``dataChange`` is false), which Delta allows in a
    table that is append-only; everything else needs ``rows_may_change``. A metadata change that
    gets in between is met by trying again. Raises ``CommitFailedError`` when that does not help;
    the new files are then removed.
    """
    changes_rows = entry.kind != "compaction"
    at = int(datetime.now(UTC).timestamp() * 1000)
    actions: list[AddAction | RemoveAction] = [
        AddAction(f.name, f.size, {}, at, changes_rows, json.dumps({"numRecords": f.rows}))
        for f in new
    ]
    actions += [RemoveAction(f.name, changes_rows, at, f.size, {}) for f in old]
    metadata = entry.to_commit() | (batch.to_commit() if batch else {})
    properties = CommitProperties(
        custom_metadata=metadata,
        app_transactions=[Transaction(table.name, batch.number)] if batch else None,
    )
    for attempt in range(ATTEMPTS):
        delta = DeltaTable(str(table.path))
        try:
            delta.create_write_transaction(
                actions, "append", delta.schema(), commit_properties=properties
            )
        except CommitFailedError:
            if attempt == ATTEMPTS - 1:
                table.discard(new)
                raise
            time.sleep(0.05 * 2**attempt)
        else:
            return


def following(last: Batch, at: datetime, note: str, **changes: object) -> Batch:
    """The ledger entry of rows that maintenance changed: a batch that read and landed nothing.

    Watermark and place go on from the batch before, as if it had come right after it.
    """
    nothing = {"rows_read": 0, "rows_upserted": 0, "rows_deleted": 0, "rows_quarantined": 0}
    return last.model_copy(
        update={
            "number": last.number + 1,
            "extracted_at": at,
            "watermark_before": last.watermark_after,
            "source_rows": None,
            "file_checksums": {},
            "note": note,
            **nothing,
            **changes,
        }
    )


@contextmanager
def rows_may_change(table: LakeTable) -> Iterator[None]:
    """Lift ``delta.appendOnly`` for what happens inside, and put it back.

    The caller holds ``extraction_lock``: a batch that lands across the change would be refused.
    """
    if not is_append_only(table):
        yield
        return
    _set_append_only(table, "false")
    try:
        yield
    finally:
        _set_append_only(table, "true")


def restore_append_only(table: LakeTable) -> bool:
    """Put ``delta.appendOnly`` back after a rewriting that was killed; whether that was needed."""
    configuration = DeltaTable(str(table.path)).metadata().configuration
    if configuration.get(APPEND_ONLY) != "false":
        return False
    _set_append_only(table, "true")
    return True


def is_append_only(table: LakeTable) -> bool:
    """Whether Delta refuses to change a row of this table."""
    return DeltaTable(str(table.path)).metadata().configuration.get(APPEND_ONLY) == "true"


def _set_append_only(table: LakeTable, value: str) -> None:
    DeltaTable(str(table.path)).alter.set_table_properties({APPEND_ONLY: value})
