"""The published snapshot that a number stands in, and the candidate behind it."""

from kota.settings import Settings
from warehouse.candidate import Candidate, candidates
from warehouse.snapshots import Snapshot, current, snapshots
from warehouse.trace.openlineage import FILE_NAME
from warehouse.trace.origins import Published


class NotTraceableError(Exception):
    """What was asked for is not there; the message says what is."""


def snapshot_of(settings: Settings, snapshot_id: str | None) -> Snapshot:
    """The snapshot of that id, or the one readers see. Raises ``NotTraceableError``."""
    published = snapshots(settings)
    if snapshot_id is None:
        if (seen := current(settings)) is None:
            raise NotTraceableError("nothing was published yet: run `kota run` first")
        return seen
    for snapshot in published:
        if snapshot.id == snapshot_id:
            return snapshot
    known = ", ".join(snapshot.id for snapshot in published) or "none"
    raise NotTraceableError(f"there is no snapshot {snapshot_id}; there is: {known}")


def candidate_of(settings: Settings, snapshot: Snapshot) -> Candidate:
    """The candidate that a snapshot was made from. Raises ``NotTraceableError``."""
    for candidate in candidates(settings):
        if candidate.id == snapshot.id and (candidate.folder / FILE_NAME).exists():
            return candidate
    raise NotTraceableError(
        f"the candidate of snapshot {snapshot.id}, which has the rows between it and the lake, is "
        "no longer there, or was built before kota kept its lineage"
    )


def published(snapshot: Snapshot) -> Published:
    manifest = snapshot.manifest
    done = manifest.publication
    return Published(
        id=snapshot.id,
        published_at=done.published_at if done else None,
        as_of=manifest.as_of,
        verdict=done.verdict if done else "unknown",
        checks=done.checks if done else 0,
        warnings=done.warnings if done else 0,
        code_version=manifest.code_version,
        file_sha256=done.file_sha256 if done else "",
    )
