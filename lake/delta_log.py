"""What every commit of a Delta table says of files, batches and maintenance.

delta-rs refuses a damaged log as a whole; here each commit stands for itself, so that damage can be
told. Nothing is read from checkpoints: kota keeps every commit.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lake.batch import Batch
from lake.log import LOG, versions
from lake.maintenance import Maintenance


class UnreadableCommitError(Exception):
    """A commit of the log is not what Delta writes."""


@dataclass(frozen=True)
class LoggedFile:
    """A data file as the commit that added it names it."""

    name: str
    size: int
    rows: int | None
    version: int


@dataclass(frozen=True)
class Commit:
    """One commit of a table's log."""

    version: int
    at: datetime | None
    batch: Batch | None
    maintenance: Maintenance | None
    added: list[LoggedFile]
    removed: list[str]
    properties: dict[str, str] | None
    """The table's properties, where this commit sets them."""


def read_commit(table: Path, version: int) -> Commit:
    """One commit. Raises ``UnreadableCommitError``."""
    path = table / LOG / f"{version:020d}.json"
    added: list[LoggedFile] = []
    removed: list[str] = []
    info: dict[str, Any] = {}
    properties = None
    try:
        for line in path.read_text("utf-8").splitlines():
            action = json.loads(line)
            if add := action.get("add"):
                added.append(_logged(add, version))
            elif remove := action.get("remove"):
                removed.append(unquote(remove["path"]))
            elif metadata := action.get("metaData"):
                properties = dict(metadata.get("configuration") or {})
            info = action.get("commitInfo", info)
        at = info.get("timestamp")
        return Commit(
            version=version,
            at=None if at is None else datetime.fromtimestamp(at / 1000, UTC),
            batch=Batch.from_commit(info),
            maintenance=Maintenance.from_commit(info),
            added=added,
            removed=removed,
            properties=properties,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableCommitError(
            f"commit {version} of the log can't be read ({type(error).__name__})"
        ) from error


def read_log(table: Path) -> list[Commit]:
    """All commits, oldest first. Raises ``UnreadableCommitError``."""
    return [read_commit(table, version) for version in versions(table)]


def files_at(log: Iterable[Commit], version: int | None = None) -> dict[str, LoggedFile]:
    """The files that make up the table at a version (by default the newest), by name."""
    files: dict[str, LoggedFile] = {}
    for commit in log:
        if version is not None and commit.version > version:
            break
        for name in commit.removed:
            files.pop(name, None)
        files.update((file.name, file) for file in commit.added)
    return files


def removal_times(log: Iterable[Commit]) -> dict[str, datetime]:
    """When each replaced file was replaced, by name."""
    return {name: commit.at for commit in log for name in commit.removed if commit.at}


def checksums(log: Iterable[Commit]) -> dict[str, str]:
    """The SHA-256 on record for every file a commit ever named."""
    known: dict[str, str] = {}
    for commit in log:
        if commit.batch:
            known.update(commit.batch.file_checksums)
        if commit.maintenance:
            known.update(commit.maintenance.added)
    return known


def properties(log: Sequence[Commit]) -> dict[str, str]:
    """The table's properties as the newest commit that sets them says."""
    return next((c.properties for c in reversed(log) if c.properties is not None), {})


def _logged(add: dict[str, Any], version: int) -> LoggedFile:
    rows = json.loads(add.get("stats") or "{}").get("numRecords")
    return LoggedFile(unquote(add["path"]), int(add["size"]), rows, version)
