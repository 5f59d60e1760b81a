"""The chain of the record: one line an entry, each with the hash of the entry before.

A line is JSON. Its hash is the SHA-256 of the line as it stands there without the hash itself, so
that it can be checked with nothing but `sed` and `sha256sum`.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Literal

from kota.settings import Settings

Kind = Literal[
    "begin",
    "extract",
    "build",
    "audit",
    "publication",
    "rollback",
    "retention",
    "maintenance",
    "erasure",
    "rotation",
    "quarantine",
    "acceptance",
    "recovery",
]
FILE = "chain.jsonl"
ORIGIN = "0" * 64
"""What the first entry names as the hash before it."""
_HASHED = re.compile(rb'\{"hash":"([0-9a-f]{64})",')


class RecordError(Exception):
    """The record can't be written to or read; one sentence."""


class BrokenEntryError(Exception):
    """A line of the chain is not an entry that gives its own hash."""


@dataclass(frozen=True)
class Entry:
    """One thing that was done or found. The payload holds names, counts and hashes only."""

    sequence: int
    at: str
    kind: str
    previous: str
    payload: dict[str, Any]
    hash: str

    @property
    def name(self) -> str:
        """``entry 12 (build, 2026-11-22 08:15)``."""
        return f"entry {self.sequence} ({self.kind}, {self.at[:16].replace('T', ' ')})"


def record_dir(settings: Settings) -> Path:
    """The folder of the chain and of its evidence."""
    return settings.audit_dir / "record"


def chain_path(settings: Settings) -> Path:
    """The file of the chain."""
    return record_dir(settings) / FILE


def make_entry(kind: str, payload: dict[str, Any], last: Entry | None) -> tuple[Entry, bytes]:
    """The entry that follows ``last``, and its line."""
    fields: dict[str, Any] = {
        "sequence": last.sequence + 1 if last else 1,
        "at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "kind": kind,
        "previous": last.hash if last else ORIGIN,
        "payload": payload,
    }
    content = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    digest = hashlib.sha256(content).hexdigest()
    return Entry(**fields, hash=digest), b'{"hash":"%s",%s\n' % (digest.encode(), content[1:])


def read_entry(line: bytes) -> Entry:
    """The entry of a line. Raises ``BrokenEntryError`` where the line does not give its hash."""
    line = line.rstrip(b"\n")
    said = _HASHED.match(line)
    if said is None:
        raise BrokenEntryError
    content = b"{" + line[said.end() :]
    if hashlib.sha256(content).hexdigest() != said[1].decode():
        raise BrokenEntryError
    try:
        return Entry(**json.loads(content), hash=said[1].decode())
    except (ValueError, TypeError) as error:
        raise BrokenEntryError from error


def newest_first(path: Path) -> Iterator[Entry]:
    """The entries from the last back to the first; lines that are none are left out.

    What is not asked for is not read.
    """
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as lines:
        end = len(lines)
        while end > 0:
            start = lines.rfind(b"\n", 0, end - 1) + 1
            if entry := _entry_or_none(lines[start:end]):
                yield entry
            end = start


def oldest_first(path: Path) -> Iterator[Entry]:
    """The entries in their order; lines that are none are left out."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if entry := _entry_or_none(line):
                yield entry


def _entry_or_none(line: bytes) -> Entry | None:
    try:
        return read_entry(line)
    except BrokenEntryError:
        return None
