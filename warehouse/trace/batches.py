"""How rows came into the lake: batch by batch, with what the ledger and the run's journal say."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from connectors import journal
from kota.settings import Settings
from lake.batch import Batch
from lake.delta_log import checksums, files_at, read_log
from lake.table import LakeTable

_LARGEST_READ = 256 * 1024**2
"""Bytes of a file above which its checksum is not computed again: `kota lake verify` does that."""


@dataclass(frozen=True)
class LakeFile:
    """A file of the lake that holds rows of a batch now."""

    name: str
    sha256: str
    """On record."""
    is_unchanged: bool | None
    """Whether the file still has it; None where that was not computed."""


@dataclass(frozen=True)
class BatchFacts:
    """One batch of a source table."""

    id: str
    delta_version: int
    extracted_at: datetime
    mode: str
    watermark_before: str | None
    watermark_after: str | None
    rows_read: int
    rows_upserted: int
    rows_deleted: int
    rows_quarantined: int
    source_rows: int | None
    lake_rows: int
    note: str | None
    place: str | None
    """The source's files that were read, by name and checksum, where it is files."""
    run_started_at: datetime | None
    run_finished_at: datetime | None
    files: list[LakeFile] = field(default_factory=list)


def batch_facts(
    settings: Settings, table: LakeTable, version: int, numbers: Iterable[int], files: Iterable[str]
) -> list[BatchFacts]:
    """What is known of batches up to a version of a table, oldest first.

    ``files`` are those in which their rows are now; maintenance may have merged some. Raises
    ``lake.delta_log.UnreadableCommitError``.
    """
    log = read_log(table.path)
    wanted = set(numbers)
    named = [_file(table.path, name, checksums(log)) for name in files]
    return [
        _facts(settings, commit.version, commit.batch, named)
        for commit in log
        if commit.version <= version and commit.batch and commit.batch.number in wanted
    ]


def newest_files(table: LakeTable) -> list[Path]:
    """The files that make up the change log now; older versions' rows are in them."""
    return [table.path / name for name in files_at(read_log(table.path))]


def _facts(settings: Settings, version: int, batch: Batch, files: list[LakeFile]) -> BatchFacts:
    own = [file for file in files if file.name in batch.file_checksums]
    run = next(
        (
            run
            for run in journal.runs(settings, batch.app)
            for seen in run.tables
            if seen.table == batch.table and run.started_at <= batch.extracted_at <= run.finished_at
        ),
        None,
    )
    return BatchFacts(
        id=batch.id,
        delta_version=version,
        extracted_at=batch.extracted_at,
        mode=batch.mode,
        watermark_before=batch.watermark_before,
        watermark_after=batch.watermark_after,
        rows_read=batch.rows_read,
        rows_upserted=batch.rows_upserted,
        rows_deleted=batch.rows_deleted,
        rows_quarantined=batch.rows_quarantined,
        source_rows=batch.source_rows,
        lake_rows=batch.lake_rows,
        note=batch.note,
        place=batch.place,
        run_started_at=run.started_at if run else None,
        run_finished_at=run.finished_at if run else None,
        files=own or files,
    )


def _file(folder: Path, name: str, known: dict[str, str]) -> LakeFile:
    path, on_record = folder / name, known.get(name, "")
    if not path.exists() or path.stat().st_size > _LARGEST_READ:
        return LakeFile(name, on_record, None)
    with path.open("rb") as file:
        return LakeFile(
            name, on_record, hashlib.file_digest(file, "sha256").hexdigest() == on_record
        )
