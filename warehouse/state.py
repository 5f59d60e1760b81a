"""Is there anything to publish? The lake against the newest snapshot."""

from collections.abc import Mapping

from connectors.registry import App, load_registry
from kota.settings import Settings
from lake.table import LakeTable
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
        _newest_batch(settings, entry.app, table) > manifest.lake.get(f"{entry.app}.{table}", NEVER)
        for entry in apps.values()
        if app in (None, entry.app)
        for table in entry.tables
    )


def _newest_batch(settings: Settings, app: str, table: str) -> int:
    """The version of the newest batch: what maintenance commits after it changes no row."""
    version = LakeTable(settings.lake_dir, app, table).batch_version()
    return NEVER if version is None else version
