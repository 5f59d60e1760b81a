"""Folders in which snapshots are made again: restricted, since staging rows are in them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kota.settings import Settings
from lake.lock import BusyError, exclusive


@contextmanager
def scratch(settings: Settings, snapshot_id: str, is_kept: bool) -> Iterator[Path]:
    """An empty folder to make a snapshot again in; gone afterwards, unless it is to be kept.

    One in which something broke stays as well, since dbt's log says what. Raises ``BusyError``.
    """
    settings.rebuilds_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = settings.rebuilds_dir / snapshot_id
    with _alone(settings, snapshot_id):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        yield folder
        if not is_kept:
            shutil.rmtree(folder)


def forget_scratch(settings: Settings) -> None:
    """Remove what was kept to be looked at; nothing that is being worked in."""
    if not settings.rebuilds_dir.is_dir():
        return
    for folder in [path for path in settings.rebuilds_dir.iterdir() if path.is_dir()]:
        with suppress(BusyError), _alone(settings, folder.name):
            shutil.rmtree(folder)


@contextmanager
def _alone(settings: Settings, snapshot_id: str) -> Iterator[None]:
    lock = settings.home / "tmp" / f"rebuild-{snapshot_id}.lock"
    with exclusive(lock, f"rebuilding {snapshot_id}"):
        yield
