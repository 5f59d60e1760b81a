"""What was read from a place, as the ledger keeps it: names, sizes, times and checksums.

It stays small however long an app is read. Of files that are gone from the source only the newest
checksums are kept: enough to know a file that is sent again, under whatever name.
"""

import json
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from connectors.files.places import RemoteFile

MOST_GONE = 2_000
"""Checksums kept of content that is no longer at the source: years of daily files."""
CHECKSUM_LENGTH = 32
"""128 bits of SHA-256 tell files apart; the rest would only make every commit longer."""
UNTIL_TIMES_ARE_TRUSTED = timedelta(days=2)
"""A listing without seconds and zone can hide a second change within the same day."""


@dataclass(frozen=True)
class ReadFile:
    """A file as it was when it was read."""

    size: int | None
    modified: float | None
    checksum: str

    def has(self, sha256: str) -> bool:
        """Whether this is its content."""
        return self.checksum == sha256[:CHECKSUM_LENGTH]


class Memory:
    """Which files and which content were read."""

    def __init__(
        self, files: dict[str, ReadFile], gone: list[str], latest: ReadFile | None
    ) -> None:
        self._files = files
        self._gone = dict.fromkeys(gone)
        self.latest = latest
        """The newest file that was read, gone or not."""

    @classmethod
    def parse(cls, text: str | None) -> Self:
        """From the ledger; what another kind of source left there means nothing was read."""
        try:
            kept = json.loads(text or "{}")
            files = {name: ReadFile(*entry) for name, entry in kept["files"].items()}
            latest = ReadFile(*kept["latest"]) if kept["latest"] else None
            return cls(files, list(kept["gone"]), latest)
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls({}, [], None)

    def copy(self) -> "Memory":
        """Another memory to change."""
        return Memory(dict(self._files), list(self._gone), self.latest)

    def text(self) -> str:
        """For the ledger."""
        kept = {
            "files": {name: astuple(entry) for name, entry in self._files.items()},
            "gone": list(self._gone)[-MOST_GONE:],
            "latest": astuple(self.latest) if self.latest else None,
        }
        return json.dumps(kept, separators=(",", ":"), ensure_ascii=False)

    def looks_read(self, file: RemoteFile) -> bool:
        """Whether name, size and time say that this very file was read; no need to fetch it."""
        last = self._files.get(file.name)
        if last is None or file.size is None or file.modified is None or last.modified is None:
            return False
        if last.size != file.size:
            return False
        if file.is_exact:
            return last.modified == file.modified.timestamp()
        then = datetime.fromtimestamp(last.modified, UTC)
        is_old = datetime.now(UTC) - file.modified > UNTIL_TIMES_ARE_TRUSTED
        return is_old and then.date() == file.modified.date()

    def last(self, name: str) -> ReadFile | None:
        """What was last read under a name."""
        return self._files.get(name)

    def name_of(self, sha256: str) -> str | None:
        """Under which name content was read: None if it was not, ``""`` if that is forgotten."""
        checksum = sha256[:CHECKSUM_LENGTH]
        for name, entry in self._files.items():
            if entry.checksum == checksum:
                return name
        return "" if checksum in self._gone else None

    def remember(self, file: RemoteFile, sha256: str) -> None:
        """Note a file as read; what was read under its name before stays known by checksum.

        A file that is passed over without fetching it has ``""`` for a checksum.
        """
        self.forget(file.name)
        modified = file.modified.timestamp() if file.modified else None
        checksum = sha256[:CHECKSUM_LENGTH]
        self._gone.pop(checksum, None)
        self._files[file.name] = ReadFile(file.size, modified, checksum)

    def forget(self, name: str) -> None:
        """Let go of a name, but not of its content."""
        entry = self._files.pop(name, None)
        if entry is not None and entry.checksum:
            self._gone.pop(entry.checksum, None)
            self._gone[entry.checksum] = None

    def names(self) -> list[str]:
        """The names of all files that are remembered."""
        return list(self._files)
