"""What a table's control columns add up to at the source, beside its state in a candidate."""

from collections.abc import Sequence

import duckdb

from connectors.reader import contract_of
from connectors.registry import App
from connectors.registry import Column as Said
from kota.settings import Settings
from lake import raw_record
from lake.column import Column
from lake.columns import literal, quoted
from lake.control import Control, kind_of, measure
from lake.decode import land_sql
from lake.quarantine import Entry, Quarantine
from lake.table import LakeTable
from warehouse.manifest import Observed

LAKE_CONTROLS = """
create or replace table ops.lake_controls (
    app varchar not null,
    table_name varchar not null,
    column_name varchar not null,
    lake_type varchar not null,
    is_personal boolean not null,
    -- 'source', 'read' or 'uncounted'
    basis varchar not null,
    tolerance_rows bigint not null,
    -- lake.control.Control as JSON: at the source, and of records in quarantine
    source varchar,
    held varchar
)
"""


def describe_controls(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    app: App,
    table: LakeTable,
    state: str,
    known: Observed,
) -> None:
    """Fill ``ops.lake_controls`` for one table."""
    names = app.tables[table.table].control
    if not names:
        return
    found = {row[0]: row[1] for row in con.execute(f"describe {state}").fetchall()}
    types = {name: found[name] for name in names if name in found and kind_of(found[name])}
    personal = app.personal_columns(table.table)
    told = {control.column: control for control in known.controls}
    held = _held(con, settings, app, table, types, personal)
    rows = [
        (
            app.app,
            table.table,
            name,
            kind,
            name in personal,
            known.control_basis if name in told else "uncounted",
            known.tolerance_rows,
            told[name].model_dump_json() if name in told else None,
            held[name].model_dump_json() if name in held else None,
        )
        for name, kind in types.items()
    ]
    if rows:
        con.executemany("insert into ops.lake_controls values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


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
