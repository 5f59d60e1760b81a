"""Is there anything to publish? The lake against the newest snapshot."""

from collections.abc import Mapping

from connectors.registry import App, load_registry
from kota.settings import Settings
from lake.table import LakeTable
from warehouse.manifest import Manifest
from warehouse.provenance import config_hash
from warehouse.snapshots import is_interrupted, snapshots

NEVER = -1


def unpublished_changes(settings: Settings, app: str | None = None) -> bool:
    """Whether the lake (of one app, or all and the configuration) is ahead of what is published.

    That is the newest snapshot, not the one readers see: a rollback publishes nothing again.
    """
    published = snapshots(settings)
    if not published or is_interrupted(settings):
        return True
    manifest = published[-1].manifest
    if app is None and manifest.config_hash != config_hash(settings):
        return True
    apps: Mapping[str, App] = load_registry(settings)
    return any(
        _newest_batch(settings, entry.app, table) > _seen(manifest, f"{entry.app}.{table}")
        for entry in apps.values()
        if app in (None, entry.app)
        for table in entry.tables
    )


def never_loaded(settings: Settings) -> list[str]:
    """The apps without a row of some table in the lake, while nothing was ever published."""
    if snapshots(settings):
        return []
    return [
        app.app
        for app in load_registry(settings).values()
        if any(_newest_batch(settings, app.app, table) == NEVER for table in app.tables)
    ]


def _seen(manifest: Manifest, table: str) -> int:
    """The newest version that was built from or refused: what was refused is no news."""
    refused = [held.refused.get(table, NEVER) for held in manifest.held.values()]
    return max([manifest.lake.get(table, NEVER), *refused])


def _newest_batch(settings: Settings, app: str, table: str) -> int:
    """The version of the newest batch: what maintenance commits after it changes no row."""
    version = LakeTable(settings.lake_dir, app, table).batch_version()
    return NEVER if version is None else version
