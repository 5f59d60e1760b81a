"""The lake as dbt sees it at pinned versions: current state, past states, what is known of tables.

All are made in the candidate file before dbt runs, so that every model of one build sees the lake
at the same moment, whatever lands meanwhile.
"""

from collections.abc import Mapping
from datetime import datetime

import duckdb

from connectors import journal
from connectors.registry import App
from kota.settings import Settings
from lake.columns import quoted
from lake.erasures import erased_keys
from lake.history import as_of as past_of
from lake.history import batch_of, states
from lake.quarantine import Quarantine
from lake.table import LakeTable
from warehouse.base import Base
from warehouse.controls import Counts, describe_controls
from warehouse.growth import most_rows
from warehouse.kept_state import begin, keep_state, news_since
from warehouse.lake_state import empty_state, empty_states, held_state
from warehouse.pins import Pins

STATES = "__states"
LAKE_TABLES = """
create or replace table ops.lake_tables (
    app varchar not null,
    app_name varchar not null,
    table_name varchar not null,
    department_code varchar not null,
    promise_hours integer not null,
    lake_version bigint,
    lake_rows bigint not null,
    most_rows bigint,
    quarantined_rows bigint not null,
    source_rows bigint,
    count_basis varchar not null,
    tolerance_rows bigint not null,
    erased_rows bigint not null,
    watermark varchar,
    committed_at timestamptz,
    checked_at timestamptz,
    is_held boolean not null,
    held_reason varchar,
    held_since timestamptz
)
"""


LAKE_CONTROLS = """
create or replace table ops.lake_controls (
    app varchar not null,
    table_name varchar not null,
    column_name varchar not null,
    lake_type varchar not null,
    is_personal boolean not null,
    is_one_moment boolean not null,
    -- 'source', 'read' or 'uncounted'
    basis varchar not null,
    -- lake.control.Control as JSON: at the source, and of records in quarantine
    source varchar,
    held varchar
)
"""


def attach_lake(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    apps: Mapping[str, App],
    pins: Pins,
    base: Base | None = None,
) -> None:
    """Bring the lake's tables and views and ``ops.lake_tables`` in a candidate up to date.

    The table ``lake_<app>.<table>`` is the current state, the view ``lake_<app>.<table>__states``
    every state since the table came into the lake. The candidate is empty, or a copy of ``base``.
    """
    con.execute("create schema if not exists ops")
    begin(con)
    con.execute(LAKE_TABLES)
    con.execute(LAKE_CONTROLS)
    for app in apps.values():
        schema = quoted(f"lake_{app.app}")
        looks = _last_looks(settings, app, pins.versions)
        for name, entry in app.tables.items():
            table = LakeTable(settings.lake_dir, app.app, name)
            news = _news(table, pins, base)
            keep_state(con, table, entry.key, _state(con, app, table, pins), news)
            state = f"{schema}.{quoted(name)}"
            past = f"{schema}.{quoted(name + STATES)}"
            con.execute(f"create or replace view {past} as {_states(app, table, pins)}")
            _describe_table(con, settings, app, table, pins, state, looks.get(name))


def as_of(settings: Settings, apps: Mapping[str, App]) -> datetime:
    """When a source was last seen, over all apps: the instant to which the candidate speaks."""
    seen = [
        run.finished_at for app in apps.values() if (run := journal.last_success(settings, app.app))
    ]
    seen += [
        batch.extracted_at
        for app in apps.values()
        for name in app.tables
        if (batch := LakeTable(settings.lake_dir, app.app, name).last_batch())
    ]
    return max(seen).replace(microsecond=0)


def _state(con: duckdb.DuckDBPyConnection, app: App, table: LakeTable, pins: Pins) -> str:
    key = app.tables[table.table].key
    version = pins.versions.get(table.name)
    promised = pins.contracts[app.app].get(table.table, {})
    if version is None:
        return empty_state(promised)
    if version == pins.newest[table.name]:
        return table.current(key, version)
    return held_state(con, table, key, version, promised)


def _states(app: App, table: LakeTable, pins: Pins) -> str:
    key = app.tables[table.table].key
    version = pins.versions.get(table.name)
    if version is None:
        return empty_states(pins.contracts[app.app].get(table.table, {}))
    if version == pins.newest[table.name] or table.has_files(version):
        return states(table, key, version)
    return states(past_of(table, batch_of(table, version).number), key)


def _news(table: LakeTable, pins: Pins, base: Base | None) -> str | None:
    """What came after the base; of a version that is not the newest, files may be gone."""
    version = pins.versions.get(table.name)
    if base is None or version is None or version != pins.newest[table.name]:
        return None
    return news_since(table, version, base.batches.get(table.name))


def _describe_table(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    app: App,
    table: LakeTable,
    pins: Pins,
    state: str,
    look: tuple[datetime, Counts] | None,
) -> None:
    version = pins.versions.get(table.name)
    batch = None if version is None else table.last_batch(version)
    checked_at, counts = look or ((batch.extracted_at, batch) if batch else (None, None))
    held = pins.held.get(app.app)
    is_held = held is not None and table.name in held.tables
    quarantine = Quarantine(settings.lake_dir, app.app)
    # Of a held table, what was set aside when its state was the source's.
    quarantined = quarantine.count_unloaded(table.table, checked_at if is_held else None)
    entry = app.tables[table.table]
    tolerance = 0
    if counts and counts.source_rows and not counts.is_one_moment:
        tolerance = int(counts.source_rows * entry.count_tolerance_share)
    con.execute(
        "insert into ops.lake_tables "
        f"select ?, ?, ?, ?, ?, ?, count(*), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? from {state}",
        [
            app.app,
            app.name,
            table.table,
            app.department,
            app.freshness_hours,
            version,
            most_rows(table, pins.published.get(table.name), entry.max_grown_share),
            quarantined if batch else 0,
            counts.source_rows if counts else None,
            counts.count_basis if counts else "source",
            tolerance,
            len(erased_keys(settings.lake_dir, app.app, table.table)),
            batch.watermark_after if batch else None,
            batch.extracted_at if batch else None,
            checked_at,
            is_held,
            held.reason if held and is_held else None,
            held.since if held and is_held else None,
        ],
    )
    if batch and entry.control:
        describe_controls(con, settings, app, table, state, counts)


def _last_looks(
    settings: Settings, app: App, versions: Mapping[str, int]
) -> dict[str, tuple[datetime, Counts]]:
    """By table, when the source was last found to agree with its version, and its counts then."""
    same_state = {
        name: range(_batch_version(settings, app.app, name, newest), newest + 1)
        for name in app.tables
        if (newest := versions.get(f"{app.app}.{name}")) is not None
    }
    looks: dict[str, tuple[datetime, Counts]] = {}
    for run in journal.runs(settings, app.app):
        for seen in run.tables:
            if seen.table not in looks and seen.lake_version in same_state.get(seen.table, ()):
                looks[seen.table] = (run.finished_at, seen)
        if len(looks) == len(app.tables):
            break
    return looks


def _batch_version(settings: Settings, app: str, table: str, newest: int) -> int:
    return LakeTable(settings.lake_dir, app, table).batch_version(newest) or 0
