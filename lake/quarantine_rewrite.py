"""Write the quarantine of an app anew, where records in it have to change or to go.

Its Delta log may hold the least and greatest record of a file as statistics, so a record is gone
only with the log. The quarantine keeps no ledger there, so a new table takes its place.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

from kota.settings import Settings
from lake.columns import literal
from lake.engine import connect
from lake.erase import VALUE, Target, bind_value
from lake.log import LOG
from lake.quarantine import SCHEMA, Quarantine
from lake.rewrite import BATCH_ROWS

LEAST_LENGTH = 8
"""A value as long as this is looked for anywhere in a record; a shorter one in its column."""
NO_STATISTICS = {"delta.appendOnly": "true", "delta.dataSkippingNumIndexedCols": "0"}


@dataclass(frozen=True)
class Sought:
    """A table of the app with the value that its records are looked through for."""

    target: Target
    value: str


def count_quarantined(quarantine: Quarantine, sought: Sought, settings: Settings) -> int:
    """Records of the target's table that have the value."""
    if not quarantine.exists():
        return 0
    with connect(settings) as con:
        bind_value(con, sought.target, sought.value)
        return _count(con, f"from {quarantine.relation()} where {_is_theirs(sought.target)}")


def erase_quarantined(
    quarantine: Quarantine, sought: Sought, settings: Settings, erasure: str
) -> int:
    """Remove a person's records; each leaves an event ``erased`` without the record.

    The caller holds the app's locks. Returns how many records went.
    """
    recover(quarantine)
    if not quarantine.exists():
        return 0
    with connect(settings) as con:
        bind_value(con, sought.target, sought.value)
        theirs = _is_theirs(sought.target)
        count = _count(con, f"from {quarantine.relation()} where {theirs}")
        if count == 0 and not _is_in_the_past(con, quarantine, sought):
            return 0
        rebuild(
            con,
            quarantine,
            f"select * from {quarantine.relation()} where not {theirs} union all by name "
            f"select * replace ('erased' as event, null as raw, "
            f"{literal(f'erasure {erasure}')} as reason, now() as noted_at) "
            f"from {quarantine.relation()} where {theirs}",
        )
        return count


def rebuild(
    con: duckdb.DuckDBPyConnection, quarantine: Quarantine, select: str, description: str = ""
) -> None:
    """Let the result of a query take the place of the quarantine, its log included."""
    new, old = _beside(quarantine)
    rows = con.execute(select).to_arrow_reader(BATCH_ROWS)
    batches = (batch.select(SCHEMA.names).cast(SCHEMA) for batch in rows)
    write_deltalake(
        str(new),
        pa.RecordBatchReader.from_batches(SCHEMA, batches),
        configuration=NO_STATISTICS,
        description=description or DeltaTable(str(quarantine.path)).metadata().description,
    )
    quarantine.path.rename(old)
    new.rename(quarantine.path)
    shutil.rmtree(old)


def recover(quarantine: Quarantine) -> None:
    """Finish or undo what a kill cut off; the caller holds the app's locks."""
    new, old = _beside(quarantine)
    if old.exists() and not quarantine.path.exists():
        (new if new.exists() else old).rename(quarantine.path)
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)


def _beside(quarantine: Quarantine) -> tuple[Path, Path]:
    folder = quarantine.path.parent
    return folder / ".quarantine.new", folder / ".quarantine.old"


def _is_theirs(target: Target) -> str:
    """The condition on a record: its column has the value, or a long value stands in it anywhere.

    A record is JSON where it came apart into columns, otherwise the line as it arrived.
    """
    name = target.column.replace("\\", "\\\\").replace('"', '\\"')
    path = f'$."{name}"'
    field = f"case when json_valid(raw) then trim(raw ->> {literal(path)}) end"
    of_table = f"table_name = {literal(target.table.table)} and {field} = {VALUE}"
    anywhere = f"length({VALUE}) >= {LEAST_LENGTH} and contains(raw, {VALUE})"
    return f"coalesce(({of_table}) or ({anywhere}), false)"


def _is_in_the_past(con: duckdb.DuckDBPyConnection, quarantine: Quarantine, sought: Sought) -> bool:
    """Whether a replaced file or the log may still show a record that is gone from the table."""
    if next((quarantine.path / LOG).glob("*.checkpoint*.parquet"), None):
        return True
    if any(
        sought.value.encode() in path.read_bytes()
        for path in (quarantine.path / LOG).glob("*.json")
    ):
        return True
    files = ", ".join(literal(str(path)) for path in quarantine.path.glob("*.parquet"))
    rows = f"from read_parquet([{files}], union_by_name = true)"
    return bool(files) and _count(con, f"{rows} where {_is_theirs(sought.target)}") > 0


def _count(con: duckdb.DuckDBPyConnection, rows: str) -> int:
    row = con.execute(f"select count(*) {rows}").fetchone()
    return int(row[0]) if row else 0
