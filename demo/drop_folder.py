"""A folder in which an app drops files: what lies there is what lay there on that morning."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from demo.credentials import write_private
from demo.drops import DropFile
from demo.keeper import Say
from demo.spec import TIMEZONE
from demo.table import Change

if TYPE_CHECKING:
    from demo.city import City
    from demo.truth import AppTruth

Files = Callable[["City"], Iterable[DropFile]]


class NotOursError(Exception):
    """A folder holds files that the demo did not put there; the message says which folder."""


@dataclass(frozen=True)
class Folder:
    """Files in a folder; ``files`` are all that lie there on a morning."""

    files: Files

    def open(self, app_id: str, uri: str, reader: str | None) -> "DropFolder":  # noqa: ARG002
        """``file:///absolute/folder``. Raises ``NotOursError``."""
        return DropFolder(app_id, Path(unquote(urlsplit(uri).path)), self.files)


class DropFolder:
    """The folder, made if it is not there. Implements ``demo.keeper.Keeper``.

    Files that do not belong there are removed, so a folder that held files before the demo knew it
    is refused.
    """

    engine = "files"

    def __init__(self, app_id: str, folder: Path, files: Files) -> None:
        self._app_id = app_id
        self._folder = folder
        self._files = files
        # Beside the folder: whoever reads the folder shall find the app's files only.
        ours = folder.with_name(f".{folder.name}.kota-demo")
        if not ours.exists():
            if folder.exists() and any(folder.iterdir()):
                raise NotOursError(f"{folder} holds files already: choose an empty folder")
            write_private(ours, "The demo writes and removes files in the folder of this name.\n")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def load(self, city: "City", say: Say) -> None:
        """Make every file, and leave those alone that have these bytes already."""
        files = self._put(city, {})
        say(f"{self._app_id}: {files} files")

    def advance(
        self,
        before: "City",
        after: "City",
        changes: Mapping[str, Change],  # noqa: ARG002
    ) -> None:
        """Make the files that are new or were written again since ``before``."""
        self._put(after, {file.path: _instant(file) for file in self._files(before)})

    def _put(self, city: "City", known: Mapping[str, int]) -> int:
        """Files not written again since they were ``known`` are not made again: a day adds few."""
        belongs = set()
        for file in self._files(city):
            path = self._folder / file.path
            belongs.add(path)
            instant = _instant(file)
            there = int(path.stat().st_mtime) if path.exists() else None
            if instant != known.get(file.path) or instant != there:
                _write(path, file.content(), instant)
        for path in self._all():
            if path not in belongs:
                path.unlink()
        return len(belongs)

    def _all(self) -> list[Path]:
        return [path for path in self._folder.rglob("*") if path.is_file()]

    def has(self, truth: "AppTruth") -> bool:
        """Whether the files are there, as old as the truth says."""
        found = {
            path.relative_to(self._folder).as_posix(): int(path.stat().st_mtime)
            for path in self._all()
        }
        return truth.engine == self.engine and found == truth.files

    def close(self) -> None:
        """A folder needs no closing."""


def file_times(files: Iterable[DropFile]) -> dict[str, int]:
    """When each file was last written, in seconds since 1970 UTC, by path."""
    return {file.path: _instant(file) for file in files}


def _instant(file: DropFile) -> int:
    """Seconds since 1970 UTC of a moment on the city's clocks."""
    clock = datetime.fromtimestamp(file.modified, UTC).replace(tzinfo=TIMEZONE)
    return int(clock.timestamp())


def _write(path: Path, content: bytes, instant: int) -> None:
    """Never half a file under its name: a leftover of a killed run has a name that belongs to no
    file and is removed by the next."""
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        new.write_bytes(content)
        os.utime(new, (instant, instant))
        new.replace(path)
    elif int(path.stat().st_mtime) != instant:
        os.utime(path, (instant, instant))
