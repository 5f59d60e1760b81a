"""Tell new, changed, re-sent and half-uploaded files apart, so that each content is read once.

A file is left for the next run while it may still be growing. It is skipped when its content was
read before. Nothing of that is an error; each is said in a sentence.
"""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Literal

from connectors.files.archive import Archive, BrokenArchiveError
from connectors.files.pattern import Pattern
from connectors.files.places import (
    FileUnfinishedError,
    FileUnreadableError,
    Place,
    RemoteFile,
)
from connectors.files.skipped import Skipped

SECOND_LOOK_SECONDS = 3.0
"""How far apart two listings are, where the other clock may differ from ours."""
WIDEST_CLOCK_GAP = timedelta(hours=26)
"""No wrong time zone hides a change older than this."""
LONGEST_UPLOAD = timedelta(days=1)
"""A ZIP that is broken for longer will not get whole by itself."""
UNFINISHED_ENDINGS = (
    ".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".uploading", ".swp", "~",
)  # fmt: skip
UNFINISHED_BEGINNINGS = (".", "~$")


@dataclass(frozen=True)
class Arrival:
    """A file to read now."""

    file: RemoteFile
    path: Path
    sha256: str
    kind: Literal["new", "changed", "same"]


class Arrivals:
    """What there is to read at a place, given what the ledger says was read.

    ``marker`` is an ending such as ``.done``: the sender adds such a file when another is complete,
    and then only that counts. With ``only_newest``, each file is the whole table: the newest is
    pending, older ones are passed over, and content that comes back to what it once was is news.
    With ``together``, all that are there are the table: if one is new, changed or gone, all are
    pending, and while one can't be had yet, none is.
    """

    def __init__(
        self,
        place: Place,
        pattern: str,
        settle_seconds: int,
        since: str | None,
        marker: str | None = None,
        only_newest: bool = False,
        together: bool = False,
    ) -> None:
        self._place = place
        self._pattern = Pattern(pattern)
        self._settle = timedelta(seconds=settle_seconds)
        self._marker = marker
        self._only_newest = only_newest
        self._is_together = together
        self._skipped = Skipped(place, pattern, since)
        self._memory = self._skipped.memory()
        self._after = self._memory.copy()
        self._notes: list[str] = []
        self._pending: list[Arrival] | None = None
        self._stamps: dict[Path, tuple[int, int]] = {}

    def pending(self) -> list[Arrival]:
        """Files to read now, oldest first, each with a local copy. Raises ``SourceError``."""
        if self._pending is None:
            self._pending = self._find()
        return self._pending

    def notes(self) -> list[str]:
        """What was skipped or left for the next run, and why: a sentence each."""
        self.pending()
        return list(self._notes)

    def place_after(self) -> str:
        """For the ledger, once all that was pending is read.

        Raises ``SourceError`` if a file was rewritten at the source while it was being read there.
        """
        for arrival in self.pending():
            stamp = self._stamps.get(arrival.path)
            if stamp is not None and stamp != _stamp(arrival.path):
                raise self._place.unfinished(
                    arrival.file.name, "changed while it was being read; the next run reads it"
                )
        return self._after.text()

    def _find(self) -> list[Arrival]:
        started = time.monotonic()
        listed = self._list()
        self._notes += self._place.remarks
        markers = {name: file for name, file in listed.items() if self._is_marker(name)}
        wanted = [
            file
            for name, file in listed.items()
            if self._pattern.matches(name) and name not in markers
        ]
        if self._is_together:
            arrivals = self._together(sorted(wanted, key=_age_order), markers, started)
            if not arrivals and self._after.text() != self._memory.text():
                self._skipped.keep(self._after)
            return arrivals
        ready = [
            file
            for file in wanted
            if not self._memory.looks_read(file) and self._is_ready(file, markers)
        ]
        ready.sort(key=_age_order)
        arrivals = (self._newest if self._only_newest else self._all)(ready, started)
        self._forget_gone({file.name for file in wanted})
        if not arrivals and self._after.text() != self._memory.text():
            self._skipped.keep(self._after)
        return arrivals

    def _all(self, ready: list[RemoteFile], started: float) -> list[Arrival]:
        fetched = [(file, path) for file in ready if (path := self._fetch(file)) is not None]
        moving = self._second_look([file for file, _ in fetched], started)
        return [
            arrival
            for file, path in fetched
            if file.name not in moving
            for arrival in self._open(file, path) or ()
        ]

    def _together(
        self, wanted: list[RemoteFile], markers: dict[str, RemoteFile], started: float
    ) -> list[Arrival]:
        """All files, if one of them is news: without one that waits, its rows would be deleted."""
        whole = [file for file in wanted if not _is_unfinished(file)]
        news = [file for file in whole if not self._memory.looks_read(file)]
        gone = set(self._memory.names()) - {file.name for file in whole}
        if not whole or not (news or gone):
            return []
        ready = [self._is_ready(file, markers) for file in news]
        if not all(ready):
            return []
        fetched = [(file, self._fetch(file)) for file in whole]
        if any(path is None for _, path in fetched) or self._second_look(news, started):
            return []
        arrivals: dict[str, Arrival] = {}
        for file, path in fetched:
            if path is None:
                continue
            self._note_stamp(path)
            sha256 = _checksum(path)
            last = self._memory.last(file.name)
            kind: Literal["new", "changed", "same"] = "changed" if last else "new"
            kind = "same" if last is not None and last.has(sha256) else kind
            self._after.remember(file, sha256)
            if sha256 in arrivals:
                twin = arrivals[sha256].file.name
                self._say(file, f"has the content of {twin}, and is not read as well")
                continue
            arrivals[sha256] = Arrival(file, path, sha256, kind)
        for name in gone:
            self._say(RemoteFile(name, None, None), "is gone, and its rows with it")
            self._after.forget(name)
        is_news = gone or any(each.kind != "same" for each in arrivals.values())
        return list(arrivals.values()) if is_news else []

    def _newest(self, ready: list[RemoteFile], started: float) -> list[Arrival]:
        """The newest file that can be had, and nothing if a newer one was read already."""
        latest = self._memory.latest
        newest = (latest.modified or 0.0) if latest else 0.0
        while ready and _age_order(ready[-1])[0] >= newest:
            file = ready.pop()
            path = self._fetch(file)
            if path is None or self._second_look([file], started):
                continue
            arrivals = self._open(file, path)
            if arrivals is None:
                continue
            if arrivals:
                self._after.latest = self._after.last(arrivals[0].file.name)
            self._pass_over(ready)
            return arrivals
        self._pass_over(ready)
        return []

    def _pass_over(self, older: list[RemoteFile]) -> None:
        for file in older:
            self._say(file, "is older than the newest whole table, and is not read")
            self._after.remember(file, "")

    def _list(self) -> dict[str, RemoteFile]:
        return {file.name: file for file in self._place.list(self._pattern.outer)}

    def _is_ready(self, file: RemoteFile, markers: dict[str, RemoteFile]) -> bool:
        """Whether nothing in the listing says that the file is still being uploaded."""
        if _is_unfinished(file):
            self._leave(file, "has the name of an unfinished or hidden file")
            return False
        if self._marker is not None:
            return self._is_marked(file, markers)
        if self._place.shows_whole_files or file.modified is None:
            return True
        age = datetime.now(UTC) - file.modified
        if abs(age) < self._settle:
            self._leave(file, f"may still be being uploaded, it changed {_seconds(age)} ago")
            return False
        return True

    def _is_marker(self, name: str) -> bool:
        return self._marker is not None and name.endswith(self._marker)

    def _is_marked(self, file: RemoteFile, markers: dict[str, RemoteFile]) -> bool:
        stem = str(PurePosixPath(file.name).with_suffix(""))
        found = [m for name in (file.name, stem) if (m := markers.get(f"{name}{self._marker}"))]
        if not found:
            self._leave(file, f"waits for its {self._marker} file")
            return False
        marker = found[0]
        if (
            file.is_exact
            and file.modified is not None
            and marker.modified is not None
            and marker.modified < file.modified
        ):
            self._leave(file, f"changed after its {self._marker} file, and waits for a new one")
            return False
        return True

    def _fetch(self, file: RemoteFile) -> Path | None:
        try:
            return self._place.fetch(file, self._place.scratch)
        except FileUnreadableError as error:
            self._notes.append(str(error))
        except FileUnfinishedError as error:
            self._notes.append(f"{error}; left for the next run")
        return None

    def _second_look(self, files: Iterable[RemoteFile], started: float) -> set[str]:
        """Names of the files that changed since the first listing, where clocks can't tell."""
        if self._place.shows_whole_files or self._marker is not None or not self._settle:
            return set()
        unsure = [file for file in files if not self._is_settled_by_time(file)]
        if not unsure:
            return set()
        apart = min(SECOND_LOOK_SECONDS, self._settle.total_seconds())
        time.sleep(max(0.0, started + apart - time.monotonic()))
        listed = self._list()
        moving = {file.name for file in unsure if listed.get(file.name) != file}
        for file in unsure:
            if file.name in moving:
                self._leave(file, "is still being uploaded, it changed while we looked")
        return moving

    def _is_settled_by_time(self, file: RemoteFile) -> bool:
        if file.modified is None:
            return False
        age = datetime.now(UTC) - file.modified
        return age > WIDEST_CLOCK_GAP or (self._place.shares_our_clock and age >= self._settle)

    def _open(self, file: RemoteFile, path: Path) -> list[Arrival] | None:
        """What to read of a fetched file: itself, or what is in the ZIP; None if nothing is."""
        self._note_stamp(path)
        sha256 = _checksum(path)
        kind = self._judge(file, sha256)
        if kind is None:
            arrivals: list[Arrival] | None = []
        elif self._pattern.inner is None:
            arrivals = [Arrival(file, path, sha256, kind)]
        else:
            arrivals = self._unpack(file, path, sha256, self._pattern.inner)
        if arrivals is not None:
            self._after.remember(file, sha256)
        return arrivals

    def _note_stamp(self, path: Path) -> None:
        if not path.is_relative_to(self._place.scratch):
            self._stamps[path] = _stamp(path)

    def _unpack(
        self, file: RemoteFile, path: Path, sha256: str, inner: Pattern
    ) -> list[Arrival] | None:
        """The members to read; None where there is nothing in the ZIP, or it has to be left."""
        try:
            with Archive(self._place, file, path) as archive:
                members = archive.unpack(inner)
                self._notes += archive.remarks
        except BrokenArchiveError as error:
            self._leave_broken(file, str(error))
            return None
        except FileUnreadableError as error:
            self._notes.append(str(error))
            return None
        if not members:
            self._say(file, "holds no file that the pattern names")
            self._after.remember(file, sha256)
            return None
        if self._only_newest:
            members = members[-1:]
        arrivals = []
        for member, member_path in members:
            sha256 = _checksum(member_path)
            kind = self._judge(member, sha256)
            self._after.remember(member, sha256)
            if kind is not None:
                arrivals.append(Arrival(member, member_path, sha256, kind))
        there = {member.name for member, _ in members}
        for name in self._after.names():
            if name.startswith(f"{file.name}!") and name not in there:
                self._after.forget(name)
        return arrivals

    def _judge(self, file: RemoteFile, sha256: str) -> Literal["new", "changed"] | None:
        """None for content that was read before: under this name last, or under another ever."""
        last = self._after.last(file.name)
        if last is not None and last.has(sha256):
            # Inside a ZIP that was sent again with one more file, this is what one expects, and
            # where times are not exact, it was fetched only to make sure.
            if "!" not in file.name and file.is_exact:
                self._say(file, "was sent again unchanged, and is not read again")
            return None
        if last is not None:
            # Content that comes back to what it once was is a change too: it is what holds now.
            return "changed"
        other = self._after.name_of(sha256)
        latest = self._after.latest
        if other is None or (self._only_newest and not (latest and latest.has(sha256))):
            return "new"
        what = f"has the content of {other}" if other else "has content of an earlier file"
        self._say(file, f"{what}, which was read, and is not read again")
        return None

    def _forget_gone(self, there: set[str]) -> None:
        """Forget names that left the source; their content stays known for a long time."""
        for name in self._after.names():
            archive = name.partition("!")[0] if self._pattern.inner else name
            if name not in there and archive not in there:
                self._after.forget(name)

    def _leave(self, file: RemoteFile, why: str) -> None:
        self._say(file, f"{why}; left for the next run")

    def _leave_broken(self, file: RemoteFile, why: str) -> None:
        age = datetime.now(UTC) - file.modified if file.modified else timedelta()
        if age > LONGEST_UPLOAD:
            self._say(
                file,
                f"is BROKEN since {age.days} day(s) and NOTHING in it is loaded: {why}; "
                "ask its sender to upload it again",
            )
        else:
            self._leave(file, f"is not a whole ZIP yet: {why}")

    def _say(self, file: RemoteFile, what: str) -> None:
        self._notes.append(self._place.redact(f"{self._place.app.app}: {file.name} {what}"))


def _is_unfinished(file: RemoteFile) -> bool:
    """Whether the name is that of an upload under way, or of a program's own hidden file."""
    base = PurePosixPath(file.name).name
    return base.startswith(UNFINISHED_BEGINNINGS) or base.lower().endswith(UNFINISHED_ENDINGS)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _age_order(file: RemoteFile) -> tuple[float, str]:
    return (file.modified.timestamp() if file.modified else 0.0, file.name)


def _seconds(age: timedelta) -> str:
    return f"{max(0, round(age.total_seconds()))} seconds"
