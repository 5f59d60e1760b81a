"""Published snapshots: which there are, which one readers see."""

import os

from kota.settings import Settings
from warehouse.folder import WarehouseFolder
from warehouse.manifest import FILE_NAME as MANIFEST
from warehouse.on_record import record_shown

CURRENT = "current"
WENT_BACK = ".went-back"


class Snapshot(WarehouseFolder):
    """The immutable folder ``<home>/published/<id>``: schema ``marts`` only, tables only."""


def snapshots(settings: Settings) -> list[Snapshot]:
    """All published snapshots, oldest first."""
    found = sorted(settings.published_dir.glob(f"*/{MANIFEST}"))
    return [Snapshot(path.parent) for path in found if path.parent.name != CURRENT]


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
