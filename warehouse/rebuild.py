"""Make a published snapshot again from the lake, and prove that it is the same: `kota rebuild`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.registry import App, load_registry
from kota.settings import Settings
from lake.columns import literal, quoted
from lake.engine import connect
from lake.table import LakeTable
from warehouse.build import variables
from warehouse.content import content_hash
from warehouse.contract import load_contract
from warehouse.dbt import dbt_build
from warehouse.folder import DATABASE
from warehouse.grain import grains
from warehouse.lake_views import attach_lake
from warehouse.manifest import Manifest, PublishedTable
from warehouse.observed import observe
from warehouse.origin import origin_differs
from warehouse.persons.history import attach_history, history_version
from warehouse.pins import Pins
from warehouse.scratch import scratch
from warehouse.snapshots import known_manifest, snapshots
from warehouse.survives import survival
from warehouse.table_diff import TableDiff, compare


class CannotRebuildError(Exception):
    """Something that the snapshot was made from is not there any more; the message says what."""


@dataclass(frozen=True)
class RebuiltTable:
    """One table of the snapshot beside the same one made again."""

    name: str
    published: PublishedTable | None
    """None where the snapshot has no such table."""
    rebuilt: PublishedTable | None
    """None where it did not come out again."""
    difference: TableDiff | None = None
    """Of a table that differs, as long as the published file is there."""

    @property
    def is_equal(self) -> bool:
        """Whether the rows are the same, by the hash of their content."""
        return self.published is not None and self.published == self.rebuilt


@dataclass(frozen=True)
class Rebuilt:
    """The outcome."""

    id: str
    notes: list[str]
    """What was known to differ before anything was built."""
    tables: list[RebuiltTable]
    folder: Path | None
    """Where the rebuilt candidate is, if it is to be kept."""

    @property
    def differing(self) -> list[RebuiltTable]:
        """The tables that are not the same."""
        return [table for table in self.tables if not table.is_equal]


def rebuild(settings: Settings, snapshot_id: str, *, is_kept: bool = False) -> Rebuilt:
    """Build in a scratch folder what the manifest of a snapshot names, and compare every table.

    Nothing of it is published or becomes a candidate; the folder holds staging rows and goes in
    the end unless ``is_kept``. Raises ``UnknownSnapshotError``, ``CannotRebuildError``,
    ``DbtError``, ``BusyError``.
    """
    manifest = known_manifest(settings, snapshot_id)
    lake = survival(settings, manifest.lake)
    if lake.gone:
        raise CannotRebuildError(f"{snapshot_id} can't be made again: " + "; ".join(lake.gone))
    notes = [*origin_differs(settings, manifest), *lake.changed]
    with scratch(settings, snapshot_id, is_kept) as folder:
        _build(settings, manifest, folder)
        tables = compared(settings, manifest, folder)
        return Rebuilt(snapshot_id, notes, tables, folder if is_kept else None)


def _build(settings: Settings, manifest: Manifest, folder: Path) -> None:
    apps = load_registry(settings)
    pins = _pins(settings, apps, manifest)
    newest = history_version(settings)
    if manifest.person_history is not None and (newest is None or newest < manifest.person_history):
        raise CannotRebuildError(
            f"{manifest.id} can't be made again: version {manifest.person_history} of the history "
            "of persons' ids is not there"
        )
    observed = manifest.observed or observe(settings, apps, pins, manifest.built_at)
    with connect(settings, database=str(folder / DATABASE)) as con:
        attach_lake(con, settings, apps, pins, observed=observed)
        attach_history(con, settings, manifest.person_history)
    told = manifest.variables or variables(settings, manifest.as_of)
    dbt_build(settings, folder / DATABASE, told, is_tested=False)


def _pins(settings: Settings, apps: Mapping[str, App], manifest: Manifest) -> Pins:
    return Pins(
        versions=manifest.lake,
        held=manifest.held,
        newest={
            name: LakeTable(settings.lake_dir, *name.split(".", 1)).version()
            for name in manifest.lake
        },
        published={},
        contracts={app.app: load_contract(settings, app) for app in apps.values()},
    )


def compared(settings: Settings, manifest: Manifest, folder: Path) -> list[RebuiltTable]:
    """Every table of a snapshot beside that of a folder, by rows and content.

    Where the snapshot's file is still there, what differs is looked up by key.
    """
    published = manifest.publication.tables if manifest.publication else {}
    file = next((s.path for s in snapshots(settings) if s.id == manifest.id), None)
    keys = grains(settings)
    with connect(settings) as con:
        con.execute(f"attach {literal(str(folder / DATABASE))} as rebuilt (read_only)")
        if file:
            con.execute(f"attach {literal(str(file))} as published (read_only)")
        made = _tables(con, "rebuilt")
        before = {
            name: table if table.content else _of(con, "published", name)
            for name, table in published.items()
            if table.content or file
        }
        found = []
        for name in sorted(before | made):
            table = RebuiltTable(name, before.get(name), made.get(name))
            if file and table.published and table.rebuilt and not table.is_equal:
                difference = compare(con, "published", "rebuilt", name, keys.get(name, []))
                table = RebuiltTable(name, table.published, table.rebuilt, difference)
            found.append(table)
        return found


def _tables(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, PublishedTable]:
    names = con.execute(
        "select table_name from duckdb_tables() "
        "where database_name = ? and schema_name = 'marts' order by table_name",
        [database],
    ).fetchall()
    return {name: _of(con, database, name) for (name,) in names}


def _of(con: duckdb.DuckDBPyConnection, database: str, name: str) -> PublishedTable:
    table = f"{database}.marts.{quoted(name)}"
    row = con.execute(f"select count(*) from {table}").fetchone()
    return PublishedTable(rows=int(row[0]) if row else 0, content=content_hash(con, table))
