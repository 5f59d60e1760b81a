"""Keep a table quick to read for years: few files, a fresh checkpoint, no leftovers.

All of it runs while extractions do. An extraction only adds to the log, and a compaction that moves
rows without changing them does not stand in its way.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from deltalake import DeltaTable

from kota.settings import Settings
from lake import columns as c
from lake.delta_log import Commit, LoggedFile, files_at, properties, read_log
from lake.engine import connect
from lake.lock import BusyError
from lake.log import LOG
from lake.maintenance import Maintenance
from lake.retention import count_superseded, forget, history_from, horizon
from lake.rewrite import (
    APPEND_ONLY,
    commit,
    extraction_lock,
    parquet,
    restore_append_only,
    write,
)
from lake.table import LakeTable
from lake.vacuum import GRACE, leftovers

SMALL_BYTES = 32 * 1024**2
"""A file smaller than this is merged with others."""
TARGET_BYTES = 128 * 1024**2
"""Merging stops when a group of files has this size."""
MIN_FILES = 5
"""Fewer small files than this are not worth a rewriting."""
COMMITS_PER_CHECKPOINT = 20


class CompactionError(Exception):
    """What was written is not what was read; nothing was replaced."""


@dataclass
class Maintained:
    """What was done to a table, or would be."""

    table: str
    files_before: int = 0
    files_after: int = 0
    rows_forgotten: int = 0
    files_removed: int = 0
    bytes_freed: int = 0
    is_checkpointed: bool = False
    notes: list[str] = field(default_factory=list)
    """One sentence for each thing that waits for the next time."""


@dataclass(frozen=True)
class Care:
    """How a table is to be kept."""

    key: Sequence[str] = ()
    history_days: int | None = None
    pinned: Collection[int] = ()
    """Versions that candidates and snapshots were made of: their files stay."""
    grace: timedelta = GRACE
    now: datetime | None = None
    """The time that ages are counted to; the clock's by default."""


def maintain(
    table: LakeTable, settings: Settings, care: Care, *, dry_run: bool = False
) -> Maintained:
    """Compact, forget old history, write a checkpoint, remove leftovers.

    The caller holds ``maintenance_lock``. What needs the app to itself for a moment is left for
    the next time, with a note, while the app is being extracted.
    """
    log = read_log(table.path)
    done = Maintained(table.name, files_before=len(files_at(log)))
    if not dry_run and properties(log).get(APPEND_ONLY) == "false":
        _restore(table, done)
    groups = list(_groups(files_at(log).values()))
    done.files_after = done.files_before - sum(len(group) - 1 for group in groups)
    with connect(settings) as con:
        for group in [] if dry_run else groups:
            _compact(con, table, group)
        if care.history_days is not None:
            _forget(con, table, care, done, dry_run)
    if not dry_run:
        log = read_log(table.path)
        done.files_after = len(files_at(log))
        done.is_checkpointed = _checkpoint(table, log)
    _vacuum(table, log, care, done, dry_run)
    return done


def _restore(table: LakeTable, done: Maintained) -> None:
    """A rewriting was killed before it could put the property back."""
    try:
        with extraction_lock(table.path.parent.parent, table.app):
            restore_append_only(table)
    except BusyError:
        done.notes.append(f"{table.name} is not append-only and the app is being extracted")


def _groups(files: Collection[LoggedFile]) -> Iterator[list[LoggedFile]]:
    """Small files in the order in which they came, as many together as make a good one."""
    group: list[LoggedFile] = []
    size = 0
    for file in sorted(files, key=lambda file: (file.version, file.name)):
        if file.size >= SMALL_BYTES:
            continue
        group.append(file)
        size += file.size
        if size >= TARGET_BYTES:
            yield group
            group, size = [], 0
    if len(group) >= MIN_FILES:
        yield group


def _compact(con: duckdb.DuckDBPyConnection, table: LakeTable, old: list[LoggedFile]) -> None:
    """Merge files. What was written is read back and compared before it replaces anything."""
    before = parquet(table, [file.name for file in old])
    new = write(con, table, f"select * from {before}")
    rows, fingerprint = _fingerprint(con, before, before)
    if new and _fingerprint(con, parquet(table, [f.name for f in new]), before) != (
        rows,
        fingerprint,
    ):
        table.discard(new)
        raise CompactionError(f"{table.name}: merged files differ from their origin; they stay")
    entry = Maintenance(
        kind="compaction",
        at=datetime.now(UTC),
        removed=[file.name for file in old],
        added={file.name: file.sha256 for file in new},
        rows_before=rows,
        rows_after=sum(file.rows for file in new),
    )
    commit(table, old, new, entry)


def _fingerprint(
    con: duckdb.DuckDBPyConnection, relation: str, like: str
) -> tuple[int, int | None]:
    """Row count and a sum of row hashes over the columns that ``like`` has."""
    names = [row[0] for row in con.execute(f"describe select * from {like}").fetchall()]
    row = con.execute(
        f"select count(*), sum(cast(hash({c.quoted_list(names)}) as hugeint)) from {relation}"
    ).fetchone()
    return (int(row[0]), row[1]) if row else (0, None)


def _forget(
    con: duckdb.DuckDBPyConnection, table: LakeTable, care: Care, done: Maintained, dry_run: bool
) -> None:
    log = read_log(table.path)
    oldest = horizon(log, care.history_days or 0, care.now)
    if oldest is None or oldest.number <= history_from(log):
        return
    done.rows_forgotten = count_superseded(con, table, care.key, oldest.number)
    if done.rows_forgotten == 0 or dry_run:
        return
    try:
        forget(con, table, log, oldest.number, care.key)
    except BusyError:
        done.rows_forgotten = 0
        done.notes.append(
            f"{table.app} is being extracted, so {table.name} keeps its old history until the next "
            "maintenance"
        )


def _checkpoint(table: LakeTable, log: Sequence[Commit]) -> bool:
    """Write a checkpoint when opening the table would read many commits without it."""
    pointer = table.path / LOG / "_last_checkpoint"
    last = json.loads(pointer.read_text("utf-8"))["version"] if pointer.exists() else -1
    if log[-1].version - last < COMMITS_PER_CHECKPOINT:
        return False
    DeltaTable(str(table.path)).create_checkpoint()
    return True


def _vacuum(
    table: LakeTable, log: Sequence[Commit], care: Care, done: Maintained, dry_run: bool
) -> None:
    unneeded = leftovers(table, log, pinned=care.pinned, grace=care.grace, now=care.now)
    _remove(unneeded.replaced, done, dry_run)
    if not unneeded.foreign:
        return
    try:
        with extraction_lock(table.path.parent.parent, table.app):
            # Nothing lands now, so what no commit names was left by a killed run.
            log = read_log(table.path)
            unneeded = leftovers(table, log, pinned=care.pinned, grace=care.grace, now=care.now)
            _remove(unneeded.foreign, done, dry_run)
    except BusyError:
        done.notes.append(
            f"{table.app} is being extracted, so {len(unneeded.foreign)} uncommitted files of "
            f"{table.name} stay until the next maintenance"
        )


def _remove(paths: list[Path], done: Maintained, dry_run: bool) -> None:
    for path in paths:
        done.files_removed += 1
        done.bytes_freed += path.stat().st_size
        if not dry_run:
            path.unlink()
