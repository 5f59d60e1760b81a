"""What a table's control columns add up to at the source, beside its state in a candidate."""

from collections.abc import Sequence

import duckdb

from connectors.reader import contract_of
from connectors.registry import App
from connectors.registry import Column as Said
from connectors.result import TableResult
from kota.settings import Settings
from lake import raw_record
from lake.batch import Batch
from lake.column import Column
from lake.columns import literal, quoted
from lake.control import Control, kind_of, measure
from lake.decode import land_sql
from lake.quarantine import Entry, Quarantine
from lake.table import LakeTable

Counts = Batch | TableResult
"""Where the last look at a source is told: the batch that landed, or a run that landed nothing."""


def describe_controls(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    app: App,
    table: LakeTable,
    state: str,
    counts: Counts | None,
) -> None:
    """Fill ``ops.lake_controls`` for one table."""
    types = dict(row[:2] for row in con.execute(f"describe {state}").fetchall())
    wanted = {name: types[name] for name in app.tables[table.table].control if name in types}
    personal = app.personal_columns(table.table)
    told = {control.column: control for control in counts.controls} if counts else {}
    held = _held(con, settings, app, table, wanted, personal)
    con.executemany(
        "insert into ops.lake_controls values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                app.app,
                table.table,
                name,
                kind,
                name in personal,
                counts.is_one_moment if counts else True,
                counts.control_basis if counts and name in told else "uncounted",
                told[name].model_dump_json() if name in told else None,
                held[name].model_dump_json() if name in held else None,
            )
            for name, kind in wanted.items()
            if kind_of(kind)
        ],
    )


def _held(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    app: App,
    table: LakeTable,
    types: dict[str, str],
    personal: Sequence[str],
) -> dict[str, Control]:
    """What the records in quarantine add up to, read as the table would read them."""
    standing = Quarantine(settings.lake_dir, app.app).standing_entries(table.table)
    entries = raw_record.with_columns(standing)
    if not entries:
        return {}
    said = app.tables[table.table].columns
    columns = [
        contract_of(Column(name, "VARCHAR", kind), said.get(name, Said()), app.timezone)
        for name, kind in types.items()
    ]
    con.execute(f"set TimeZone = {literal(app.timezone)}")
    try:
        absent = [entry for entry in entries if not entry.is_loaded]
        found = {each.column: each for each in _measured(con, columns, types, absent, personal)}
        for name, values in _lost(con, columns, [e for e in entries if e.is_loaded]).items():
            found[name] = found[name].model_copy(update={"values": found[name].values + values})
        return found
    finally:
        con.unregister(raw_record.ENTRIES)
        con.execute("set TimeZone = 'UTC'")


def _measured(
    con: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    types: dict[str, str],
    entries: Sequence[Entry],
    personal: Sequence[str],
) -> list[Control]:
    raw_record.register(con, entries)
    landed = ", ".join(f"{land_sql(col)} as {quoted(col.name)}" for col in columns)
    rows = f"(select {raw_record.fields_sql(columns)} from {raw_record.ENTRIES})"
    return measure(con, f"(select {landed} from {rows})", types, personal)


def _lost(
    con: duckdb.DuckDBPyConnection, columns: Sequence[Column], entries: Sequence[Entry]
) -> dict[str, int]:
    """Values that are there at the source and empty in the lake, since they can't be read."""
    if not entries:
        return {}
    raw_record.register(con, entries)
    tests = ", ".join(
        f"count(*) filter (where trim({quoted(col.name)}) <> '' and {land_sql(col)} is null)"
        for col in columns
    )
    rows = f"(select {raw_record.fields_sql(columns)} from {raw_record.ENTRIES})"
    row = con.execute(f"select {tests} from {rows}").fetchone() or ()
    return {column.name: count for column, count in zip(columns, row, strict=True)}
