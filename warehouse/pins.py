"""Which version of every lake table a candidate is made from, and which apps it holds back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.registry import App
from kota.settings import Settings
from lake.table import LakeTable
from warehouse.contract import Columns, breaches, load_contract
from warehouse.manifest import Held, Manifest
from warehouse.snapshots import current


class NeverLoadedError(Exception):
    """Nothing is in the lake yet, so there is nothing to build from."""


@dataclass(frozen=True)
class Pins:
    """What a candidate is made from."""

    versions: dict[str, int]
    """Delta version by ``app.table``; a table that is not there is empty in this candidate."""
    held: dict[str, Held]
    newest: dict[str, int]
    """The newest version of each loaded table, taken or not."""
    published: dict[str, int]
    """What the published snapshot was made from."""
    contracts: Mapping[str, Mapping[str, Columns]]
    """The promised columns by app and table."""


def pin(
    settings: Settings, apps: Mapping[str, App], blamed: Mapping[str, str], now: datetime
) -> Pins:
    """The newest versions; of an app that is held back, those of the published snapshot.

    An app is held when it is ``blamed`` (by app, why) and when a table breaks its contract. It is
    held as a whole, since its tables agree with each other at one moment only. A table that was
    never loaded is empty, beside what there is of its app.

    Raises ``NeverLoadedError`` when not one table was loaded.
    """
    published = _published(settings)
    good = published.lake if published else {}
    contracts = {app.app: load_contract(settings, app) for app in apps.values()}
    pins = Pins({}, {}, {}, good, contracts)
    for app in apps.values():
        tables = [LakeTable(settings.lake_dir, app.app, name) for name in app.tables]
        loaded = {table.name: table.version() for table in tables if _is_complete(table)}
        pins.newest.update(loaded)
        broken = [
            said
            for table in tables
            if table.name in loaded
            for said in breaches(table, contracts[app.app].get(table.table, {}))
        ]
        missing = [table.name for table in tables if table.name not in loaded]
        if app.app in blamed or broken:
            reason = blamed.get(app.app) or "; ".join(broken)
            pins.versions.update({name: good[name] for name in loaded if name in good})
            concerned = [table.name for table in tables]
        elif missing:
            reason = f"never loaded: {', '.join(missing)}; run `kota extract {app.app}`"
            pins.versions.update(loaded)
            concerned = missing
        else:
            pins.versions.update(loaded)
            continue
        before = published.held.get(app.app) if published else None
        pins.held[app.app] = Held(
            reason=reason,
            since=before.since if before else now,
            tables=concerned,
            refused=_refused(tables, pins.versions),
            is_blamed=app.app in blamed,
        )
    if not pins.newest:
        names = ", ".join(f"{app.app}.{name}" for app in apps.values() for name in app.tables)
        raise NeverLoadedError(
            f"never loaded: {names}; run `kota extract {' '.join(sorted(apps))}` first"
        )
    return pins


def changed_apps(settings: Settings, apps: Mapping[str, App], pins: Pins) -> set[str]:
    """The apps of which other rows are pinned than are published."""
    return {
        app.app
        for app in apps.values()
        for name in app.tables
        if (version := pins.versions.get(f"{app.app}.{name}")) is not None
        and _batch_version(settings, app.app, name, version)
        > pins.published.get(f"{app.app}.{name}", -1)
    }


def _published(settings: Settings) -> Manifest | None:
    """What readers see: after a rollback, the snapshot that was gone back to."""
    snapshot = current(settings)
    return snapshot.manifest if snapshot else None


def _is_complete(table: LakeTable) -> bool:
    batch = table.last_batch() if table.exists() else None
    return batch is not None and batch.is_complete


def _refused(tables: list[LakeTable], taken: Mapping[str, int]) -> dict[str, int]:
    found = {table.name: table.batch_version() for table in tables if table.exists()}
    return {
        name: version
        for name, version in found.items()
        if version is not None and version > taken.get(name, -1)
    }


def _batch_version(settings: Settings, app: str, table: str, version: int) -> int:
    found = LakeTable(settings.lake_dir, app, table).batch_version(version)
    return -1 if found is None else found
