"""The lake as dbt sees it at pinned versions: current state, past states, what is known of tables.

All are made in the candidate file before dbt runs, so that every model of one build sees the lake
at the same moment, whatever lands meanwhile.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import duckdb

from connectors import journal
from connectors.registry import App
from kota.settings import Settings
from lake.columns import quoted
from lake.history import as_of as past_of
from lake.history import batch_of, states
from lake.table import LakeTable
from warehouse.base import Base
from warehouse.controls import LAKE_CONTROLS, describe_controls
from warehouse.kept_state import begin, keep_state, news_since
from warehouse.lake_state import empty_state, empty_states, held_state
from warehouse.manifest import Observed
from warehouse.observed import observe
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


def attach_lake(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    apps: Mapping[str, App],
    pins: Pins,
    base: Base | None = None,
    observed: Mapping[str, Observed] | None = None,
) -> None:
    """Bring the lake's tables and views and ``ops.lake_tables`` in a candidate up to date.

    The table ``lake_<app>.<table>`` is the current state, the view ``lake_<app>.<table>__states``
    every state since the table came into the lake. The candidate is empty, or a copy of ``base``.
    What is known of the tables beside their rows is looked up now, unless ``observed`` has it.
    """
    con.execute("create schema if not exists ops")
    begin(con)
    con.execute(LAKE_TABLES)
    con.execute(LAKE_CONTROLS)
    known = observe(settings, apps, pins, datetime.now(UTC)) if observed is None else observed
    for app in apps.values():
        schema = quoted(f"lake_{app.app}")
        for name, entry in app.tables.items():
            table = LakeTable(settings.lake_dir, app.app, name)
            news = _news(table, pins, base)
            keep_state(con, table, entry.key, _state(con, app, table, pins), news)
            state = f"{schema}.{quoted(name)}"
            past = f"{schema}.{quoted(name + STATES)}"
            con.execute(f"create or replace view {past} as {_states(app, table, pins)}")
            seen = known.get(table.name, Observed())
            _describe_table(con, app, table, pins, state, seen)
            describe_controls(con, settings, app, table, state, seen)


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
    app: App,
    table: LakeTable,
    pins: Pins,
    state: str,
    known: Observed,
) -> None:
    version = pins.versions.get(table.name)
    batch = None if version is None else table.last_batch(version)
    landing = None if version is None else table.last_landing(version)
    held = pins.held.get(app.app)
    is_held = held is not None and table.name in held.tables
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
            known.most_rows,
            known.quarantined_rows,
            known.source_rows,
            known.count_basis,
            known.tolerance_rows,
            known.erased_rows,
            batch.watermark_after if batch else None,
            landing.extracted_at if landing else None,
            known.checked_at,
            is_held,
            held.reason if held and is_held else None,
            held.since if held and is_held else None,
        ],
    )
