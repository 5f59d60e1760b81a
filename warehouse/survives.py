"""What the lake no longer has of the versions that a snapshot was made from, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass

from kota.settings import Settings
from lake.delta_log import Commit, read_log
from lake.history import NoSuchPastError, as_of, batch_of
from lake.table import LakeTable


@dataclass(frozen=True)
class Survival:
    """Sentences about tables: what can't be told any more, and what will differ."""

    gone: list[str]
    """Without these the snapshot can't be made again."""
    changed: list[str]
    """Rows that were removed or tokens that were exchanged since: their tables may differ."""


def survival(settings: Settings, versions: Mapping[str, int]) -> Survival:
    """Look at every table: its files at the version, or else its history up to it."""
    gone: list[str] = []
    changed: list[str] = []
    for name, version in versions.items():
        table = LakeTable(settings.lake_dir, *name.split(".", 1))
        if not table.exists() or table.version() < version:
            gone.append(f"{name}: version {version} is not in this lake")
            continue
        later = [entry for entry in read_log(table.path) if entry.version > version]
        if not table.has_files(version) and (reason := _untellable(table, version)):
            gone.append(reason + _since(later, "retention"))
        changed += [
            f"{name}: a person was erased on {entry.maintenance.at:%Y-%m-%d} "
            f"({entry.maintenance.erasure}); the rows can't come back"
            for entry in later
            if entry.maintenance and entry.maintenance.kind == "erasure"
        ]
        changed += [
            f"{name}: tokens are under another key since {entry.maintenance.at:%Y-%m-%d}"
            for entry in later
            if entry.maintenance and entry.maintenance.kind == "rotation"
        ]
    return Survival(gone, changed)


def _untellable(table: LakeTable, version: int) -> str | None:
    """Maintenance replaced the version's files; the newest ones tell its state, or why not."""
    try:
        as_of(table, batch_of(table, version).number)
    except NoSuchPastError as error:
        return str(error)
    return None


def _since(later: list[Commit], kind: str) -> str:
    first = next(
        (e.maintenance for e in later if e.maintenance and e.maintenance.kind == kind), None
    )
    return f" (since {first.at:%Y-%m-%d %H:%M} UTC)" if first else ""
