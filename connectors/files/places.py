"""Where files come from: what kota asks of every place, whatever protocol reaches it."""

import hashlib
import re
import shutil
import tempfile
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from connectors.connection import Connection
from connectors.files.pattern import Pattern
from connectors.reader import SourceError
from connectors.registry import App
from kota.settings import Settings

LONGEST_SESSION_SECONDS = 86_400.0
MOST_FOLDERS = 10_000
"""More folders than this are a mistake in the connection, such as the root of a whole server."""


class FileUnreadableError(SourceError):
    """One file can't be had; the others can."""


class FileUnfinishedError(SourceError):
    """One file is not what its listing said: it is being uploaded, or is gone."""


class BrokeOffError(Exception):
    """The line to the place was lost. Places tell it to this module; nobody else sees it."""


@dataclass(frozen=True)
class RemoteFile:
    """A file as a place lists it."""

    name: str
    """Relative to the place, parts joined by ``/``; ``drop.zip!inner.csv`` inside a ZIP."""
    size: int | None
    modified: datetime | None
    """When the place says it was last written, in UTC."""
    is_exact: bool = True
    """False where ``modified`` is known to the minute or day only, in a zone nobody told us."""


class Place(ABC):
    """A session with a place that holds files. Every method raises ``SourceError``."""

    shows_whole_files = False
    """Whether a file shows up only when all of it has arrived, as in object storage."""
    shares_our_clock = False
    """Whether times of files can be compared with our own clock."""

    def __init__(self, app: App, connection: Connection, settings: Settings) -> None:
        self.app = app
        self.connection = connection
        self.settings = settings
        self.options = connection.options
        self.remarks: list[str] = []
        """What the last listing passed over, and why: a sentence each."""

    def __enter__(self) -> Self:
        self.connect()
        incoming = self.settings.home / "incoming"
        incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        _remove_leftovers(incoming)
        self._scratch = tempfile.TemporaryDirectory(prefix=f"{self.app.app}-", dir=incoming)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scratch.cleanup()
        self.close()

    @property
    def scratch(self) -> Path:
        """A folder for copies, private to this session and removed with it."""
        return Path(self._scratch.name)

    @property
    def zip_password(self) -> str | None:
        """The password of encrypted ZIP files, from the connection's ``zip_password``."""
        return self.options.get("zip_password")

    @abstractmethod
    def connect(self) -> None:
        """Reach the place and make sure that its folder is there."""

    def close(self) -> None:  # noqa: B027  (a local folder has nothing to close)
        """Let go of the connection."""

    def reconnect(self) -> None:
        """Have a new line instead of one that broke."""
        self.close()
        self.connect()

    @abstractmethod
    def look(self, folder: str) -> tuple[list[str], list[RemoteFile]]:
        """Folders and files directly in a folder; ``""`` is the place itself.

        Raises ``FileUnreadableError`` where only this folder can't be listed.
        """

    @abstractmethod
    def fetch(self, file: RemoteFile, folder: Path) -> Path:
        """A local copy of all of the file, or the file itself where it is local already.

        Raises ``FileUnreadableError`` or ``FileUnfinishedError`` where it is this file's fault.
        """

    def _look_twice(self, folder: str) -> tuple[list[str], list[RemoteFile]]:
        """``look``, again on a new line if the server hung up: many do while we read a file."""
        try:
            return self.look(folder)
        except BrokeOffError:
            self.reconnect()
        try:
            return self.look(folder)
        except BrokeOffError:
            raise self.error(
                f"the connection was lost while listing {folder or 'the folder'}; try later"
            ) from None

    def list(self, pattern: str = "**") -> list[RemoteFile]:
        """The files in the folders that the pattern can mean; it does not choose among them."""
        self.remarks = []
        wanted = Pattern(pattern)
        files: list[RemoteFile] = []
        folders = [""]
        for count, folder in enumerate(folders):
            if count >= MOST_FOLDERS:
                raise self.error(f"more than {MOST_FOLDERS} folders; name a smaller one")
            try:
                inner, here = self._look_twice(folder)
            except FileUnreadableError as error:
                if not folder:
                    raise
                self.remarks.append(str(error))
                continue
            files += [file for file in here if self._is_safe(file.name)]
            folders += [name for name in inner if self._is_safe(name) and wanted.enters(name)]
        return sorted(files, key=lambda file: file.name)

    def copy_path(self, file: RemoteFile, folder: Path) -> Path:
        """Where to put a copy: never named by the sender, but for a plain suffix."""
        suffix = re.sub(r"[^a-z0-9.]", "", PurePosixPath(file.name).suffix.lower())
        return folder / (hashlib.sha256(file.name.encode("utf-8", "replace")).hexdigest() + suffix)

    def redact(self, text: str) -> str:
        """``text`` on one line, without the passwords of the connection."""
        return self.connection.redact(" ".join(text.split()))

    def error(self, what: str) -> SourceError:
        """An error about the place as a whole."""
        return SourceError(self.redact(f"{self.app.app}: {what}"))

    def unreadable(self, name: str, why: str) -> FileUnreadableError:
        """An error about one file."""
        return FileUnreadableError(self.redact(f"{self.app.app}: {name} can't be read: {why}"))

    def unfinished(self, name: str, why: str) -> FileUnfinishedError:
        """An error about one file that may be whole next time."""
        return FileUnfinishedError(self.redact(f"{self.app.app}: {name} {why}"))

    def _is_safe(self, name: str) -> bool:
        if is_safe_name(name):
            return True
        self.remarks.append(
            f"{self.app.app}: {name!r} is refused: the name leads out of its folder"
        )
        return False


def _remove_leftovers(incoming: Path) -> None:
    """Remove copies of sessions that were killed: nobody reads them, and they hold originals."""
    for folder in incoming.iterdir():
        with suppress(OSError):
            if folder.is_dir() and time.time() - folder.stat().st_mtime > LONGEST_SESSION_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def is_safe_name(name: str) -> bool:
    """Whether a name given by a sender stays in the folder it is relative to."""
    parts = name.replace("\\", "/").split("/")
    return not (
        any(part in ("", ".", "..") for part in parts)
        or not name.isprintable()
        or re.match(r"[A-Za-z]:", name)
    )


def open_place(app: App, connection: Connection, settings: Settings) -> Place:
    """The place a connection leads to. Raises ``SourceError`` for an unknown kind."""
    # Imported here because the libraries of a protocol take longer to load than a small file.
    match connection.scheme:
        case "file":
            from connectors.files.local import LocalPlace

            return LocalPlace(app, connection, settings)
        case "sftp":
            from connectors.files.sftp import SftpPlace

            return SftpPlace(app, connection, settings)
        case "ftp" | "ftps":
            from connectors.files.ftp import FtpPlace

            return FtpPlace(app, connection, settings)
        case "s3":
            from connectors.files.s3 import S3Place

            return S3Place(app, connection, settings)
    raise SourceError(
        f"{app.app}: no files are read from {connection.scheme!r}; "
        "a place of files starts with file, sftp, ftp, ftps or s3"
    )
