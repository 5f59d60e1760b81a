"""What an entry says of a Delta table: its new commits by hash, and through them its files.

The lake's ledger stands in the commits of its tables and is not repeated here. A commit that is
pinned can't be changed any more, and it names its files with their checksums. Where it does not
(the quarantine, the history of persons), the files are hashed when they are pinned.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kota.settings import Settings
from lake.batch import Batch
from lake.delta_log import Commit, UnreadableCommitError, read_commit
from lake.erasures import FILE as ERASURES
from lake.log import LOG, versions
from record.chain import Entry

PERSONS = "persons.history"
"""The table of persons' ids, which lies outside the lake."""


def table_path(settings: Settings, name: str) -> Path:
    """The folder of ``app.table``."""
    if name == PERSONS:
        return settings.persons_dir / "history"
    app, _, table = name.partition(".")
    return settings.lake_dir / app / table


def tables_there(settings: Settings, apps: Iterable[str] | None = None) -> list[str]:
    """The names of all tables that have a log: of the lake, or of some apps."""
    meant = None if apps is None else set(apps)
    names = [
        f"{log.parent.parent.name}.{log.parent.name}"
        for log in sorted(settings.lake_dir.glob(f"*/*/{LOG}"))
        if (meant is None or log.parent.parent.name in meant)
        and not log.parent.name.startswith(".")
    ]
    if meant is None and (table_path(settings, PERSONS) / LOG).is_dir():
        names.append(PERSONS)
    return names


def pin_new(
    settings: Settings, names: Iterable[str], newest_first: Iterator[Entry]
) -> dict[str, Any]:
    """The part of a payload about these tables: the commits that no entry has pinned yet."""
    there = [name for name in names if versions(table_path(settings, name))]
    known = _pinned_versions(there, newest_first)
    return {name: pin(settings, name, known.get(name, -1)) for name in there}


def pin_anew(settings: Settings, names: Iterable[str], entries: Iterator[Entry]) -> dict[str, Any]:
    """The same, where a table may have been made anew since: it is then pinned from its start."""
    known: dict[str, dict[int, str]] = {}
    for entry in entries:
        for name, told in entry.payload.get("tables", {}).items():
            if told.get("is_new"):
                known[name] = {}
            pinned = known.setdefault(name, {})
            pinned.update((commit["version"], commit["sha256"]) for commit in told["commits"])
    pins = {}
    for name in names:
        path, pinned = table_path(settings, name), known.get(name, {})
        there = versions(path)
        if not there:
            continue
        is_new = any(_sha256(path, version) != sha for version, sha in pinned.items())
        pins[name] = pin(settings, name, -1 if is_new else max(pinned, default=-1))
        if is_new:
            pins[name]["is_new"] = True
    return pins


def pin(settings: Settings, name: str, after: int = -1) -> dict[str, Any]:
    """What there is of a table after a version."""
    path = table_path(settings, name)
    there = versions(path)
    return {
        "version": max(there, default=-1),
        "commits": [_pinned(path, version) for version in there if version > after],
    }


def pin_erasures(settings: Settings) -> dict[str, Any]:
    """The record of erasures as far as it goes now; it only grows, until tokens are rotated."""
    path = settings.lake_dir / ERASURES
    content = path.read_bytes() if path.exists() else b""
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def commit_path(table: Path, version: int) -> Path:
    """The file of one commit."""
    return table / LOG / f"{version:020d}.json"


def _pinned_versions(names: Iterable[str], newest_first: Iterator[Entry]) -> dict[str, int]:
    wanted, found = set(names), dict[str, int]()
    while wanted and (entry := next(newest_first, None)):
        for name in wanted & set(entry.payload.get("tables", ())):
            found[name] = entry.payload["tables"][name]["version"]
            wanted.remove(name)
    return found


def _pinned(path: Path, version: int) -> dict[str, Any]:
    pinned: dict[str, Any] = {"version": version, "sha256": _sha256(path, version)}
    try:
        commit = read_commit(path, version)
    except UnreadableCommitError:
        return pinned | {"what": "unreadable"}
    checksums = dict(commit.batch.file_checksums) if commit.batch else {}
    if commit.maintenance:
        checksums |= commit.maintenance.added
        pinned["what"] = commit.maintenance.kind
    elif commit.batch:
        pinned["what"] = "batch"
    if commit.batch:
        pinned |= _batch(commit.batch)
    files = {file.name: checksums.get(file.name) or _file(path, file.name) for file in commit.added}
    if files:
        pinned["files"] = {name: sha for name, sha in files.items() if sha is not None}
    if commit.removed:
        pinned["files_replaced"] = len(commit.removed)
    if columns := _columns(path, commit):
        pinned["columns"] = columns
    return pinned


def _batch(batch: Batch) -> dict[str, Any]:
    """The batch in numbers. Its note may quote what a person typed, and stays in the lake."""
    told: Mapping[str, Any] = {
        "batch": batch.number,
        "mode": batch.mode,
        "watermark_before": batch.watermark_before,
        "watermark_after": batch.watermark_after,
        "rows_read": batch.rows_read,
        "rows_upserted": batch.rows_upserted,
        "rows_deleted": batch.rows_deleted,
        "rows_quarantined": batch.rows_quarantined,
        "rows_withheld": batch.rows_withheld,
        "lake_rows": batch.lake_rows,
        "source_rows": batch.source_rows,
        "columns_gone": batch.columns_gone,
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


def _columns(path: Path, commit: Commit) -> dict[str, str]:
    """The columns as of this commit, where it sets them: so drift is on record."""
    if commit.properties is None:
        return {}
    for line in commit_path(path, commit.version).read_text("utf-8").splitlines():
        if metadata := json.loads(line).get("metaData"):
            fields = json.loads(metadata["schemaString"])["fields"]
            return {field["name"]: str(field["type"]) for field in fields}
    return {}


def _sha256(path: Path, version: int) -> str | None:
    try:
        return hashlib.sha256(commit_path(path, version).read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


def _file(path: Path, name: str) -> str | None:
    """The hash of a file whose commit has none; None where maintenance removed it already."""
    try:
        with (path / name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
