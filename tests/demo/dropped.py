"""An app's drop files put into a folder, as its own program would leave them there."""

import os
from collections.abc import Iterable
from pathlib import Path

from demo.days import HOUR
from demo.drops import DropFile

_EAST_OF_GREENWICH = 7 * HOUR


def put(folder: Path, files: Iterable[DropFile]) -> None:
    """Write the files below ``folder``, each with its own time."""
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content())
        written = file.modified - _EAST_OF_GREENWICH
        os.utime(path, (written, written))
