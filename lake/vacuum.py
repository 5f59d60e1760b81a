"""Which files of a table nobody needs any more.

A file stays as long as the newest version or a pinned one needs it, and for a grace period after
that: a reader that began before may be in the middle of it. A file that no commit names is what a
killed run left, or what a running one has not committed yet; it stays as long.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lake.delta_log import Commit, files_at, removal_times
from lake.table import LakeTable

GRACE = timedelta(days=7)


@dataclass(frozen=True)
class Leftovers:
    """Files that can be removed."""

    replaced: list[Path]
    """Files that a later commit replaced."""
    foreign: list[Path]
    """Files that no commit names; only while nothing is being extracted."""


def named_files(log: Sequence[Commit]) -> set[str]:
    """Every file that any commit added."""
    return {file.name for commit in log for file in commit.added}


def leftovers(
    table: LakeTable,
    log: Sequence[Commit],
    *,
    pinned: Collection[int] = (),
    grace: timedelta = GRACE,
    now: datetime | None = None,
) -> Leftovers:
    """What the newest and the pinned versions don't need, and the grace period is over for."""
    limit = (now or datetime.now(UTC)) - grace
    needed = set(files_at(log))
    for version in pinned:
        needed |= set(files_at(log, version))
    named, replaced_at = named_files(log), removal_times(log)
    replaced: list[Path] = []
    foreign: list[Path] = []
    for path in sorted(table.path.glob("*.parquet")):
        if path.name in needed:
            continue
        since = replaced_at.get(path.name) or _changed(path)
        if since <= limit:
            (replaced if path.name in named else foreign).append(path)
    return Leftovers(replaced, foreign)


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
