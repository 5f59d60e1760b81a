"""Published snapshots: which there are, which one readers see."""

import os
from dataclasses import dataclass
from pathlib import Path

from kota.settings import Settings
from warehouse.candidate import DATABASE
from warehouse.manifest import FILE_NAME as MANIFEST
from warehouse.manifest import Manifest

CURRENT = "current"
WENT_BACK = ".went-back"


@dataclass(frozen=True)
class Snapshot:
    """The immutable folder ``<home>/published/<id>``."""

    folder: Path

    @property
    def id(self) -> str:
        """The id of the candidate it was made from."""
        return self.folder.name

    @property
    def path(self) -> Path:
        """The DuckDB file: tables only, schema ``marts`` only."""
        return self.folder / DATABASE

    @property
    def manifest(self) -> Manifest:
        """What it was made of and how it passed."""
        return Manifest.load(self.folder)


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
    if is_rollback:
        mark.touch()
    fresh = settings.published_dir / f".{CURRENT}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(snapshot.folder.name)
    fresh.replace(settings.published_dir / CURRENT)
    if not is_rollback:
        mark.unlink(missing_ok=True)
