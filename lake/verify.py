"""Is everything still there and as it was written: files, log, ledger, counts, schema.

A finding is one sentence. *Damage* means that rows or history were lost or changed behind kota's
back; everything else is harmless and said for completeness.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from kota.settings import Settings
from lake.batch import Batch
from lake.delta_log import (
    Commit,
    LoggedFile,
    UnreadableCommitError,
    checksums,
    files_at,
    properties,
    read_commit,
)
from lake.engine import connect
from lake.log import versions
from lake.rewrite import APPEND_ONLY
from lake.table import LakeTable
from lake.vacuum import named_files


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be."""

    table: str
    sentence: str
    is_damage: bool


@dataclass
class Verified:
    """What was looked at in a table, and what was found."""

    table: str
    files: int = 0
    bytes_hashed: int = 0
    batches: int = 0
    rows: int | None = None
    """Rows in the current state, counted; None where they were not."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_damaged(self) -> bool:
        """Whether something was lost or changed."""
        return any(finding.is_damage for finding in self.findings)

    def damage(self, sentence: str) -> None:
        """Record that something was lost or changed."""
        self.findings.append(Finding(self.table, f"{self.table}: {sentence}", True))

    def note(self, sentence: str) -> None:
        """Record something harmless."""
        self.findings.append(Finding(self.table, f"{self.table}: {sentence}", False))


def verify(
    table: LakeTable,
    settings: Settings,
    key: Sequence[str] | None = None,
    *,
    quick: bool = False,
    seen_version: int | None = None,
) -> Verified:
    """Look at everything a table is made of; ``quick`` compares sizes instead of checksums.

    ``key`` is needed to count the current state. ``seen_version`` is a version that something
    outside the lake saw (the run journal, a snapshot): a log that ends before it lost its end.
    Reads only, so it can run while extractions do.
    """
    found = Verified(table.name)
    log, is_whole = _read_log(table, found, seen_version)
    if not log:
        return found
    _check_files(table, log, found, settings.threads, quick)
    _check_ledger(log, found)
    if properties(log).get(APPEND_ONLY) == "false":
        found.note(
            "is not append-only, since a rewriting was killed; `kota lake maintain` mends it"
        )
    if is_whole and not found.is_damaged and key is not None:
        _count(table, log, found, settings, key)
    return found


def _read_log(
    table: LakeTable, found: Verified, seen_version: int | None
) -> tuple[list[Commit], bool]:
    """The readable commits, and whether they are all there."""
    there = versions(table.path)
    if not there:
        if seen_version is not None:
            found.damage(f"was at version {seen_version} and its log is gone")
        return [], False
    log: list[Commit] = []
    expected = range(max(there[-1], seen_version or 0) + 1)
    for version in expected:
        if version not in set(there):
            found.damage(f"commit {version} is missing from the log")
            continue
        try:
            log.append(read_commit(table.path, version))
        except UnreadableCommitError as error:
            found.damage(str(error))
    if found.is_damaged:
        return log, False
    try:
        DeltaTable(str(table.path))
    except (DeltaError, OSError) as error:
        found.damage(f"can't be opened ({type(error).__name__})")
        return log, False
    return log, True


def _check_files(
    table: LakeTable, log: Sequence[Commit], found: Verified, threads: int, quick: bool
) -> None:
    """Files of the newest version must be there; replaced ones that still are must be sound."""
    active = files_at(log)
    known = checksums(log)
    named = {file.name: file for commit in log for file in commit.added}
    there = {path.name for path in table.path.glob("*.parquet")}
    for name in sorted(set(active) - there):
        found.damage(f"file {name} with {active[name].rows} rows is missing")
    present = [named[name] for name in sorted(there & set(named))]
    found.files = len(present)
    schema = _schema(table, found)

    def examine(file: LoggedFile) -> str | None:
        # A replaced file may be from before a column was widened.
        is_active = file.name in active
        return _examine(table, file, known.get(file.name), schema if is_active else None, quick)

    with ThreadPoolExecutor(threads) as pool:
        for file, problem in zip(present, pool.map(examine, present), strict=True):
            if problem:
                found.damage(f"file {file.name} {problem}")
    if any(commit.batch for commit in log):
        for file in present:
            if file.name not in known:
                found.damage(f"file {file.name} has no checksum on record")
    if not quick:
        found.bytes_hashed = sum(file.size for file in present)
    if foreign := sorted(there - named_files(log)):
        size = sum((table.path / name).stat().st_size for name in foreign)
        found.note(
            f"{len(foreign)} files ({size:,} bytes) belong to no commit: a killed run left them or "
            "a running one is writing them; harmless, `kota lake maintain` removes old ones"
        )


def _schema(table: LakeTable, found: Verified) -> pa.Schema | None:
    if found.is_damaged:
        return None
    return pa.schema(DeltaTable(str(table.path)).schema().to_arrow())


def _examine(
    table: LakeTable, file: LoggedFile, sha256: str | None, schema: pa.Schema | None, quick: bool
) -> str | None:
    """What is wrong with one file, or None."""
    path = table.path / file.name
    try:
        if (size := path.stat().st_size) != file.size:
            return f"has {size} bytes and was written with {file.size}"
        if quick:
            return None
        if sha256 is not None:
            with path.open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
                    return "is not what was written: its checksum differs from the ledger's"
        parquet = pq.ParquetFile(path)
        if file.rows is not None and parquet.metadata.num_rows != file.rows:
            return f"has {parquet.metadata.num_rows} rows and its commit says {file.rows}"
        return _wrong_columns(parquet.schema_arrow, schema)
    except FileNotFoundError:
        return None  # replaced, and removed by maintenance while this was looking
    except (OSError, pa.ArrowException) as error:
        return f"can't be read ({type(error).__name__})"


def _wrong_columns(file: pa.Schema, table: pa.Schema | None) -> str | None:
    if table is None:
        return None
    wrong = [
        field.name
        for field in file
        if field.name not in table.names or table.field(field.name).type != field.type
    ]
    return f"has columns that the table has not: {', '.join(wrong)}" if wrong else None


def _check_ledger(log: Sequence[Commit], found: Verified) -> None:
    """Batches count 1, 2, 3 …; each begins where the one before ended; rows are those of files."""
    landed = [(commit, commit.batch) for commit in log if commit.batch]
    found.batches = len(landed)
    batches = [batch for _, batch in landed]
    if batches and batches[0].number != 1:
        found.damage(f"the ledger begins with batch {batches[0].number}")
    for before, after in pairwise(batches):
        for problem in _breaks(before, after):
            found.damage(problem)
    for commit, batch in landed:
        if commit.maintenance:
            continue
        rows = sum(file.rows or 0 for file in commit.added)
        if rows != batch.rows_upserted + batch.rows_deleted:
            found.damage(
                f"batch {batch.number} says {batch.rows_upserted + batch.rows_deleted} rows and "
                f"its files have {rows}"
            )
    for problem in _unexplained(log):
        found.damage(problem)


def _breaks(before: Batch, after: Batch) -> Iterator[str]:
    if after.number != before.number + 1:
        yield f"batch {before.number} is followed by batch {after.number}"
    elif after.watermark_before != before.watermark_after:
        yield (
            f"batch {after.number} began at watermark {after.watermark_before} and batch "
            f"{before.number} had ended at {before.watermark_after}"
        )


def _unexplained(log: Iterable[Commit]) -> Iterator[str]:
    """Files that were exchanged without a word about it, or with a count that does not add up."""
    rows: dict[str, int] = {}
    for commit in log:
        rows.update((file.name, file.rows or 0) for file in commit.added)
        entry = commit.maintenance
        if commit.removed and entry is None:
            yield f"commit {commit.version} removed {len(commit.removed)} files without saying why"
        if entry is None:
            continue
        before = sum(rows.get(name, 0) for name in commit.removed)
        after = sum(file.rows or 0 for file in commit.added)
        if (before, after) != (entry.rows_before, entry.rows_after):
            yield (
                f"commit {commit.version} ({entry.kind}) made {after} rows of {before} and its "
                f"entry says {entry.rows_after} of {entry.rows_before}"
            )
        if entry.kind == "compaction" and before != after:
            yield f"commit {commit.version} (compaction) made {after} rows of {before}"


def _count(
    table: LakeTable, log: Sequence[Commit], found: Verified, settings: Settings, key: Sequence[str]
) -> None:
    """The running total of the ledger against the rows that are there, at the same version."""
    last = next((commit.batch for commit in reversed(log) if commit.batch), None)
    try:
        with connect(settings) as con:
            state = table.current(key, log[-1].version)
            row = con.execute(f"select count(*) from ({state})").fetchone()
    except duckdb.IOException:
        found.note("was maintained while this was looking, so its rows were not counted")
        return
    found.rows = int(row[0]) if row else 0
    if last and last.lake_rows != found.rows:
        found.damage(
            f"the ledger counts {last.lake_rows} rows in the current state and there are "
            f"{found.rows}"
        )
