"""Add to the record: under a lock, on the disk before it returns, whole or not at all."""

import errno
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kota.settings import Settings
from lake.lock import exclusive
from record.chain import (
    BrokenEntryError,
    Entry,
    Kind,
    RecordError,
    chain_path,
    make_entry,
    newest_first,
    oldest_first,
    read_entry,
)
from record.origin import what_is_there

PATIENCE_SECONDS = 120.0
"""Others write entries in milliseconds, but the first one of a home looks at all of it."""


class Writer:
    """The end of the chain, while nobody else can add to it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.path = chain_path(settings)
        self._last = next(newest_first(self.path), None)

    def newest_first(self) -> Iterator[Entry]:
        """The entries there are, from the last back to the first."""
        return newest_first(self.path)

    def oldest_first(self) -> Iterator[Entry]:
        """The entries there are, in their order."""
        return oldest_first(self.path)

    def append(self, kind: Kind, payload: Mapping[str, Any]) -> Entry:
        """Add an entry; it is on the disk when this returns. Raises ``OSError``."""
        entry, line = make_entry(kind, dict(payload), self._last)
        _write(self.path, line)
        self._last = entry
        if self.settings.record_anchors is not None:
            # Another disk may be away; the next entry's hash vouches for this one as well.
            with suppress(OSError):
                _write(
                    self.settings.record_anchors,
                    f"{entry.sequence} {entry.hash} {entry.at}\n".encode(),
                )
        return entry

    def mend(self) -> None:
        """Cut off the half of a line that a kill or a full disk left at the end, and say so.

        Raises ``RecordError`` when the last whole line is not an entry: nothing is added to a
        chain that was changed.
        """
        if not self.path.exists():
            return
        with self.path.open("rb+") as file:
            content_end = file.seek(0, os.SEEK_END)
            torn = _last_line(file.fileno(), content_end)
            if not torn:
                return
            if not torn.endswith(b"\n"):
                if _is_entry(torn):
                    file.write(b"\n")
                    torn = b""
                else:
                    file.truncate(content_end - len(torn))
                file.flush()
                os.fsync(file.fileno())
            elif not _is_entry(torn):
                raise RecordError(
                    "the last entry of the record was changed: run `kota verify`, and bring the "
                    "record back from its copy"
                )
            else:
                torn = b""
        self._last = next(newest_first(self.path), None)
        if torn:
            said = {"bytes": len(torn), "sha256": hashlib.sha256(torn).hexdigest()}
            self.append("recovery", {"half_written_line": said})


@contextmanager
def writing(settings: Settings) -> Iterator[Writer]:
    """Hold the end of the chain. The first entry of a home says what was there before it.

    Raises ``BusyError``, ``RecordError`` and ``OSError``.
    """
    path = chain_path(settings)
    with exclusive(path.with_name(".lock"), "writing the record", PATIENCE_SECONDS):
        writer = Writer(settings)
        writer.mend()
        if next(writer.newest_first(), None) is None:
            writer.append("begin", what_is_there(settings))
        yield writer


def append(settings: Settings, kind: Kind, payload: Mapping[str, Any]) -> Entry:
    """Add one entry. Raises as ``writing`` does."""
    with writing(settings) as writer:
        return writer.append(kind, payload)


def begin(settings: Settings) -> None:
    """Let the record begin before the first thing that it is to tell of."""
    if not chain_path(settings).exists():
        with writing(settings):
            pass


def _write(path: Path, line: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        if os.write(descriptor, line) < len(line):
            os.ftruncate(descriptor, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _last_line(descriptor: int, end: int) -> bytes:
    """The last line, whole or not."""
    line = b""
    while end > 0:
        start = max(0, end - 65536)
        line = os.pread(descriptor, end - start, start) + line
        cut = line.rfind(b"\n", 0, len(line) - 1)
        if cut >= 0:
            return line[cut + 1 :]
        end = start
    return line


def _is_entry(line: bytes) -> bool:
    try:
        read_entry(line)
    except BrokenEntryError:
        return False
    return True
