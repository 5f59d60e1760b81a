"""Which files are one table, by their names: those that differ in dates and numbers only."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from connectors.files.arrival import UNFINISHED_BEGINNINGS, UNFINISHED_ENDINGS
from connectors.files.pattern import Pattern
from connectors.files.places import RemoteFile

MARKERS = (".done", ".ok", ".ready", ".fin", ".flag", ".selesai")
_MONTHS = (
    "januari|january|jan|februari|february|feb|maret|march|mar|april|apr|mei|may|juni|june|jun"
    "|juli|july|jul|agustus|august|agt|agu|ags|aug|september|sept|sep|oktober|october|okt|oct"
    "|november|nov|nop|desember|december|des|dec"
)
_VARYING = re.compile(rf"\d+|(?<![a-z])(?:{_MONTHS})(?![a-z])", re.IGNORECASE)
_SEVERAL = re.compile(r"\*(?:[-_. ]*\*)+")
_DIGITS = "[0-9]*"


@dataclass(frozen=True)
class Copy:
    """A file at the source; ``fetch`` gives a local copy of it."""

    file: RemoteFile
    fetch: Callable[[], Path]


@dataclass(frozen=True)
class FileGroup:
    """Files that are taken for one table."""

    name: str
    """What they are called, without what differs."""
    pattern: str
    files: tuple[Copy, ...]
    """The oldest first."""

    @property
    def varies(self) -> bool:
        """Whether names differ from file to file."""
        return "*" in self.pattern

    @property
    def newest(self) -> Copy:
        """The file that was written last."""
        return self.files[-1]


def group_files(copies: Iterable[Copy]) -> list[FileGroup]:
    """Groups by pattern, in the order of their patterns; no pattern takes files of another."""
    found: dict[str, list[Copy]] = {}
    for copy in copies:
        found.setdefault(general(copy.file.name).casefold(), []).append(copy)
    groups = []
    for files in found.values():
        ordered = tuple(sorted(files, key=lambda copy: age_order(copy.file)))
        pattern = general(ordered[-1].file.name)
        groups.append(FileGroup(_base(pattern), pattern, ordered))
    groups.sort(key=lambda group: group.pattern)
    return [_narrowed(group, groups) for group in groups]


def general(name: str) -> str:
    """The name with ``*`` for every date and number in it."""
    # What means something in a pattern stands for itself only as "any character".
    plain = re.sub(r"[*?!\[\]]", "?", name)
    folders, _, base = plain.rpartition("/")
    suffix = PurePosixPath(base).suffix
    stem = base.removesuffix(suffix)
    parts = [_VARYING.sub("*", part) for part in [*folders.split("/"), stem] if part]
    return "/".join(_SEVERAL.sub("*", part) for part in parts) + suffix


def is_finished(name: str) -> bool:
    """Whether the name is not that of a hidden file or an upload that is under way."""
    base = PurePosixPath(name).name
    return not base.startswith(UNFINISHED_BEGINNINGS) and not base.lower().endswith(
        UNFINISHED_ENDINGS
    )


def marker_of(group: FileGroup, names: Sequence[str]) -> str | None:
    """The ending of a file beside each file of the group that says that it is complete."""
    there = set(names)
    for marker in MARKERS:
        if all(
            f"{name}{marker}" in there or f"{PurePosixPath(name).with_suffix('')}{marker}" in there
            for name in (copy.file.name.partition("!")[0] for copy in group.files)
        ):
            return marker
    return None


def age_order(file: RemoteFile) -> tuple[float, str]:
    """Files in the order in which they were written."""
    return (file.modified.timestamp() if file.modified else 0.0, file.name)


def _base(pattern: str) -> str:
    """``penduduk`` of ``2026/penduduk_*.csv``; the folder's name where the file has none."""
    parts = [PurePosixPath(pattern).with_suffix("").name, *reversed(pattern.split("/")[:-1])]
    return next((name for part in parts if (name := part.replace("*", " ").strip(" -_."))), "")


def _narrowed(group: FileGroup, groups: Sequence[FileGroup]) -> FileGroup:
    """``data_[0-9]*.csv`` where ``data_*.csv`` would take ``data_baru_2026.csv`` too."""
    others = [copy.file.name for other in groups if other is not group for copy in other.files]
    if not any(map(Pattern(group.pattern).matches, others)):
        return group
    return replace(group, pattern=group.pattern.replace("*", _DIGITS))
