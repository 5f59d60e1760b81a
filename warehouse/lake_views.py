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
from lake.history import states
from lake.quarantine import Quarantine
from lake.table import LakeTable
from warehouse.base import Base
from warehouse.kept_state import begin, keep_state, news_since

STATES = "__states"
LAKE_TABLES = """
create or replace table ops.lake_tables (
    app varchar not null,
    app_name varchar not null,
    table_name varchar not null,
    department_code varchar not null,
    promise_hours integer not null,
    lake_version bigint not null,
    lake_rows bigint not null,
    quarantined_rows bigint not null,
    source_rows bigint,
    watermark varchar,
    committed_at timestamptz not null,
    checked_at timestamptz not null
)
"""


class NeverLoadedError(Exception):
    """A registered table has no batch in the lake yet, or not all of its first load."""


def pin_versions(settings: Settings, apps: Mapping[str, App]) -> dict[str, int]:
    """The newest version of every registered table, by ``app.table``.

    Raises ``NeverLoadedError`` naming the tables that were never loaded.
    """
    tables = [
        LakeTable(settings.lake_dir, app.app, name) for app in apps.values() for name in app.tables
    ]
    if missing := [table.name for table in tables if not table.exists()]:
        names = sorted({name.split(".")[0] for name in missing})
        raise NeverLoadedError(
            f"never loaded: {', '.join(missing)}; run `kota extract {' '.join(names)}` first"
        )
    if partial := [table.name for table in tables if not _is_complete(table)]:
        names = sorted({name.split(".")[0] for name in partial})
        raise NeverLoadedError(
            f"the first load broke off: {', '.join(partial)}; `kota extract {' '.join(names)}` "
            "goes on with it"
        )
    return {table.name: table.version() for table in tables}


def attach_lake(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    apps: Mapping[str, App],
    versions: Mapping[str, int],
    base: Base | None = None,
) -> None:
    """Bring the lake's tables and views and ``ops.lake_tables`` in a candidate up to date.

    The table ``lake_<app>.<table>`` is the current state, the view ``lake_<app>.<table>__states``
    every state since the table came into the lake. The candidate is empty, or a copy of ``base``.
    """
    con.execute("create schema if not exists ops")
    begin(con)
    con.execute(LAKE_TABLES)
    known = base.batches if base else {}
    for app in apps.values():
        schema = quoted(f"lake_{app.app}")
        looks = _last_looks(settings, app, versions)
        for name, entry in app.tables.items():
            table = LakeTable(settings.lake_dir, app.app, name)
            version = versions[table.name]
            news = news_since(table, version, known.get(table.name))
            keep_state(con, table, entry.key, table.current(entry.key, version), news)
            state = f"{schema}.{quoted(name)}"
            past = f"{schema}.{quoted(name + STATES)}"
            con.execute(f"create or replace view {past} as {states(table, entry.key, version)}")
            _describe_table(con, settings, app, table, version, state, looks.get(name))


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


def _describe_table(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    app: App,
    table: LakeTable,
    version: int,
    state: str,
    look: tuple[datetime, int | None] | None,
) -> None:
    batch = table.last_batch(version)
    if batch is None:
        raise NeverLoadedError(f"{table.name} has no batch in its log")
    checked_at, source_rows = look or (batch.extracted_at, batch.source_rows)
    con.execute(
        "insert into ops.lake_tables "
        f"select ?, ?, ?, ?, ?, ?, count(*), ?, ?, ?, ?, ? from {state}",
        [
            app.app,
            app.name,
            table.table,
            app.department,
            app.freshness_hours,
            version,
            Quarantine(settings.lake_dir, app.app).count_unloaded(table.table),
            source_rows,
            batch.watermark_after,
            batch.extracted_at,
            checked_at,
        ],
    )


def _is_complete(table: LakeTable) -> bool:
    batch = table.last_batch()
    return batch is not None and batch.is_complete


def _last_looks(
    settings: Settings, app: App, versions: Mapping[str, int]
) -> dict[str, tuple[datetime, int | None]]:
    """By table, when the source was last found to agree with its version, and its rows then."""
    same_state = {
        name: range(_batch_version(settings, app.app, name, newest), newest + 1)
        for name in app.tables
        if (newest := versions.get(f"{app.app}.{name}")) is not None
    }
    looks: dict[str, tuple[datetime, int | None]] = {}
    for run in journal.runs(settings, app.app):
        for seen in run.tables:
            if seen.table not in looks and seen.lake_version in same_state.get(seen.table, ()):
                looks[seen.table] = (run.finished_at, seen.source_rows)
        if len(looks) == len(app.tables):
            break
    return looks


def _batch_version(settings: Settings, app: str, table: str, newest: int) -> int:
    return LakeTable(settings.lake_dir, app, table).batch_version(newest) or 0
