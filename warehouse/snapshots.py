"""Published snapshots: which there are, which one readers see."""

import os
from pathlib import Path

from kota.settings import Settings
from warehouse.folder import WarehouseFolder
from warehouse.manifest import FILE_NAME as MANIFEST
from warehouse.manifest import Manifest
from warehouse.on_record import record_shown

CURRENT = "current"
WENT_BACK = ".went-back"
MANIFESTS = ".manifests"
"""The folder with the manifests of snapshots whose files are not kept any more."""


class UnknownSnapshotError(Exception):
    """There is no snapshot of that id; the message says which there are."""


class Snapshot(WarehouseFolder):
    """The immutable folder ``<home>/published/<id>``: schema ``marts`` only, tables only."""


def snapshots(settings: Settings) -> list[Snapshot]:
    """All published snapshots, oldest first."""
    found = sorted(settings.published_dir.glob(f"*/{MANIFEST}"))
    return [Snapshot(path.parent) for path in found if path.parent.name != CURRENT]


def find_snapshot(settings: Settings, snapshot_id: str) -> Snapshot:
    """The snapshot of that id, whose file is there. Raises ``UnknownSnapshotError``."""
    kept = {snapshot.id: snapshot for snapshot in snapshots(settings)}
    if snapshot_id in kept:
        return kept[snapshot_id]
    if (settings.published_dir / MANIFESTS / snapshot_id).is_dir():
        raise UnknownSnapshotError(
            f"the file of snapshot {snapshot_id} is not kept any more; "
            f"`kota rebuild {snapshot_id}` makes it again"
        )
    raise _unknown(settings, snapshot_id)


def known_manifest(settings: Settings, snapshot_id: str) -> Manifest:
    """The manifest of any snapshot that ever was. Raises ``UnknownSnapshotError``."""
    return Manifest.load(manifest_folder(settings, snapshot_id))


def manifest_folder(settings: Settings, snapshot_id: str) -> Path:
    """The folder with what is known of a snapshot. Raises ``UnknownSnapshotError``."""
    for folder in (settings.published_dir, settings.published_dir / MANIFESTS):
        if (folder / snapshot_id / MANIFEST).exists() and snapshot_id != CURRENT:
            return folder / snapshot_id
    raise _unknown(settings, snapshot_id)


def _unknown(settings: Settings, snapshot_id: str) -> UnknownSnapshotError:
    known = ", ".join(snapshot.id for snapshot in snapshots(settings)) or "none"
    return UnknownSnapshotError(f"there is no snapshot {snapshot_id}; there is: {known}")


def current(settings: Settings) -> Snapshot | None:
    """The snapshot that readers see, or None before the first one."""
    link = settings.published_dir / CURRENT
    return Snapshot(link.resolve()) if link.is_symlink() and link.exists() else None


def is_interrupted(settings: Settings) -> bool:
    """Whether the newest snapshot was never shown, since publishing was killed before that.

    Going back on purpose leaves a mark, so that it is not taken for this.
    """
    published, seen = snapshots(settings), current(settings)
    is_behind = bool(published) and (seen is None or seen.id != published[-1].id)
    return is_behind and not (settings.published_dir / WENT_BACK).exists()


def point_to(settings: Settings, snapshot: Snapshot, *, is_rollback: bool = False) -> None:
    """Let readers see ``snapshot`` from now on, by one rename.

    Queries under way keep the file they opened; the next connection follows the link.
    """
    mark = settings.published_dir / WENT_BACK
    seen = current(settings)
    if seen is None or seen.id != snapshot.id:
        record_shown(settings, snapshot, is_rollback=is_rollback)
    if is_rollback:
        mark.touch()
    fresh = settings.published_dir / f".{CURRENT}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(snapshot.folder.name)
    fresh.replace(settings.published_dir / CURRENT)
    if not is_rollback:
        mark.unlink(missing_ok=True)
