"""What a table's control columns add up to at the source, beside its state in a candidate."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb

from connectors.reader import contract_of
from connectors.registry import App
from connectors.registry import Column as Said
from kota.settings import Settings
from lake import raw_record
from lake.column import Column
from lake.columns import literal, quoted
from lake.control import Control, kind_of, measure, nothing
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
    if known.control_basis == "source":
        held = _with_lost(con, settings, app, table, types, held)
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
    """What the rows in quarantine add up to, read as the table would read them."""
    entries = [entry for entry in _standing(settings, table) if not entry.is_loaded]
    if not entries:
        return {}
    columns = _columns(app, table, types)
    landed = ", ".join(f"{land_sql(col)} as {quoted(col.name)}" for col in columns)
    with _records(con, app, entries, columns) as rows:
        found = measure(con, f"(select {landed} from {rows})", types, personal)
    return {control.column: control for control in found}


def _with_lost(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    app: App,
    table: LakeTable,
    types: dict[str, str],
    held: dict[str, Control],
) -> dict[str, Control]:
    """And values that the source counts and the lake has empty, since they can't be read."""
    entries = [entry for entry in _standing(settings, table) if entry.is_loaded]
    if not entries:
        return held
    columns = _columns(app, table, types)
    tests = ", ".join(
        f"count(*) filter (where trim({quoted(col.name)}) <> '' and {land_sql(col)} is null)"
        for col in columns
    )
    with _records(con, app, entries, columns) as rows:
        counts = con.execute(f"select {tests} from {rows}").fetchone() or ()
    lost = dict(zip(types, counts, strict=True))
    return held | {
        name: (known := held.get(name) or nothing(name, types[name])).model_copy(
            update={"values": known.values + count}
        )
        for name, count in lost.items()
        if count
    }


def _standing(settings: Settings, table: LakeTable) -> list[Entry]:
    entries = Quarantine(settings.lake_dir, table.app).standing_entries(table.table)
    return raw_record.with_columns(entries)


def _columns(app: App, table: LakeTable, types: dict[str, str]) -> list[Column]:
    said = app.tables[table.table].columns
    return [
        contract_of(Column(name, "VARCHAR", kind), said.get(name, Said()), app.timezone)
        for name, kind in types.items()
    ]


@contextmanager
def _records(
    con: duckdb.DuckDBPyConnection, app: App, entries: Sequence[Entry], columns: Sequence[Column]
) -> Iterator[str]:
    """The records' columns as text, as a relation, in the app's time zone."""
    raw_record.register(con, entries)
    con.execute(f"set TimeZone = {literal(app.timezone)}")
    try:
        yield f"(select {raw_record.fields_sql(columns)} from {raw_record.ENTRIES})"
    finally:
        con.unregister(raw_record.ENTRIES)
        con.execute("set TimeZone = 'UTC'")
