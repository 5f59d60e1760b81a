"""Publish an audited candidate, or go back to a former snapshot: `kota publish`."""

import hashlib
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from expectations.quality.publication import publish_quality
from expectations.quality.tables import PersonalDataError
from expectations.verdict import FILE_NAME as VERDICT
from expectations.verdict import Verdict, file_sha256
from kota.settings import Settings
from lake.columns import literal, quoted
from lake.engine import connect
from lake.lock import exclusive
from warehouse.candidate import Candidate, find_candidate
from warehouse.content import content_hash
from warehouse.folder import DATABASE
from warehouse.manifest import Manifest, Publication, PublishedTable
from warehouse.on_record import recorded_verdict
from warehouse.persons.history import remember
from warehouse.provenance import files_of, save_files
from warehouse.publications import note
from warehouse.retention import forget_old
from warehouse.snapshots import Snapshot, current, find_snapshot, point_to, snapshots


class NotPublishableError(Exception):
    """No verdict, a failed one, one about another file, or personal data in what is told of it."""


class NoSnapshotError(Exception):
    """There is no earlier snapshot to go back to."""


def publish(settings: Settings, candidate_id: str | None = None) -> Snapshot:
    """Copy the marts of a candidate into a new snapshot and let readers see it.

    Publishing the same candidate again makes nothing anew; readers see its snapshot again. Raises
    ``NotPublishableError`` when its audit is missing, failed, or was about another file;
    ``NoCandidateError``; ``BusyError``.
    """
    candidate = find_candidate(settings, candidate_id)
    verdict = _passed_verdict(settings, candidate)
    settings.published_dir.mkdir(parents=True, exist_ok=True)
    with exclusive(settings.published_dir / ".lock", "publishing"):
        done = next((s for s in snapshots(settings) if s.id == candidate.id), None)
        if done is None:
            done = _make_snapshot(settings, candidate, verdict)
        remember(settings, candidate.folder)  # also after a kill before this line
        seen = current(settings)
        point_to(settings, done)  # also after a rollback, or a kill before this line
        if seen is None or seen.id != done.id:
            note(settings, "published", done.id, seen.id if seen else None)
        forget_old(settings)
        return done


def rollback(settings: Settings, snapshot_id: str | None = None) -> Snapshot:
    """Let readers see a former snapshot, or the one before the one they see now.

    The snapshots left behind stay, and the next publication goes on from there. Raises
    ``NoSnapshotError`` when there is none before, ``UnknownSnapshotError``.
    """
    with exclusive(settings.published_dir / ".lock", "publishing"):
        seen = current(settings)
        if snapshot_id is not None:
            chosen = find_snapshot(settings, snapshot_id)
        else:
            earlier = [s for s in snapshots(settings) if seen is not None and s.id < seen.id]
            if not earlier:
                raise NoSnapshotError("there is no snapshot before the current one")
            chosen = earlier[-1]
        is_newest = chosen.id == snapshots(settings)[-1].id
        point_to(settings, chosen, is_rollback=not is_newest)
        note(settings, "rolled_back", chosen.id, seen.id if seen else None)
        return chosen


def _passed_verdict(settings: Settings, candidate: Candidate) -> Verdict:
    path = candidate.folder / VERDICT
    if not path.exists():
        raise NotPublishableError(
            f"candidate {candidate.id} was not audited: run `kota audit {candidate.id}`"
        )
    recorded = recorded_verdict(settings, candidate.id)
    if recorded not in (None, file_sha256(path)):
        raise NotPublishableError(
            f"candidate {candidate.id}: its verdict is not the one on record, so somebody rewrote "
            f"it: run `kota verify`, then `kota audit {candidate.id}`"
        )
    verdict = Verdict.load(path)
    if not verdict.covers(candidate.path):
        raise NotPublishableError(
            f"candidate {candidate.id} changed after its audit: run `kota audit {candidate.id}`"
        )
    if verdict.blocks:
        raise NotPublishableError(
            f"candidate {candidate.id} failed its audit, yesterday's snapshot stays: "
            f"{verdict.sentence()}"
        )
    return verdict


def _make_snapshot(settings: Settings, candidate: Candidate, verdict: Verdict) -> Snapshot:
    """Write the snapshot under a hidden name and rename it when it is whole."""
    folder = settings.published_dir / f".{candidate.id}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    tables = _copy_marts(settings, candidate.path, folder / DATABASE)
    try:
        publish_quality(settings, candidate, folder / DATABASE)
    except PersonalDataError as error:
        raise NotPublishableError(f"candidate {candidate.id}: {error}") from error
    with (folder / DATABASE).open("rb") as file:
        os.fsync(file.fileno())
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    publication = Publication(
        published_at=datetime.now(UTC),
        verdict=verdict.status,
        checks=verdict.check_count,
        warnings=verdict.warning_count,
        tables=tables,
        file_sha256=checksum,
    )
    manifest: Manifest = candidate.manifest.model_copy(update={"publication": publication})
    manifest.save(folder)
    save_files(folder, files_of(candidate.folder))
    (folder / DATABASE).chmod(0o444)
    return Snapshot(folder.rename(settings.published_dir / candidate.id))


def _copy_marts(settings: Settings, source: Path, target: Path) -> dict[str, PublishedTable]:
    """Tables only and marts only: no view that would need the lake, no staging row."""
    with connect(settings, database=str(target)) as con:
        con.execute("set preserve_insertion_order = true")
        con.execute(f"attach {literal(str(source))} as candidate (read_only)")
        names = [
            row[0]
            for row in con.execute(
                "select table_name from duckdb_tables() "
                "where database_name = 'candidate' and schema_name = 'marts' order by table_name"
            ).fetchall()
        ]
        con.execute("create schema marts")
        tables = {}
        for name in names:
            con.execute(f"create table marts.{quoted(name)} as from candidate.marts.{quoted(name)}")
            row = con.execute(f"select count(*) from marts.{quoted(name)}").fetchone()
            tables[name] = PublishedTable(
                rows=int(row[0]) if row else 0,
                content=content_hash(con, f"marts.{quoted(name)}"),
            )
        con.execute("detach candidate")
        con.execute("checkpoint")
    return tables
