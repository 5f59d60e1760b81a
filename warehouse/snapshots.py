"""Published snapshots: which there are, which one readers see."""

import os
from dataclasses import dataclass
from pathlib import Path

from kota.settings import Settings
from warehouse.candidate import DATABASE
from warehouse.manifest import FILE_NAME as MANIFEST
from warehouse.manifest import Manifest

CURRENT = "current"


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


def point_to(settings: Settings, snapshot: Snapshot) -> None:
    """Let readers see ``snapshot`` from now on, by one rename.

    Queries under way keep the file they opened; the next connection follows the link.
    """
    fresh = settings.published_dir / f".{CURRENT}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(snapshot.folder.name)
    fresh.replace(settings.published_dir / CURRENT)
