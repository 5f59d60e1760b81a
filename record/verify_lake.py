"""Are the lake's logs and files what they were when they were put on record."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from kota.settings import Settings
from lake.delta_log import Commit, UnreadableCommitError, checksums, read_commit
from lake.erasures import FILE as ERASURES
from lake.log import versions
from record.findings import Findings
from record.ledger import Ledger, PinnedTable
from record.pins import commit_path, table_path, tables_there

Progress = Callable[[str], None]


def verify_lake(
    settings: Settings, ledger: Ledger, found: Findings, *, is_fast: bool, progress: Progress
) -> None:
    """Every table on record; ``is_fast`` compares the sizes of files instead of their hashes."""
    with ThreadPoolExecutor(settings.threads) as pool:
        for place, (name, pinned) in enumerate(sorted(ledger.tables.items()), start=1):
            progress(f"{name} ({place} of {len(ledger.tables)})")
            _Table(settings, name, pinned, found).verify(pool, is_fast)
    for name in tables_there(settings):
        if name not in ledger.tables:
            found.note(name, "is not on record yet")
    _verify_erasures(settings, ledger, found)


class _Table:
    def __init__(self, settings: Settings, name: str, pinned: PinnedTable, found: Findings) -> None:
        self.path = table_path(settings, name)
        self.name = name
        self.pinned = pinned
        self.found = found

    def verify(self, pool: ThreadPoolExecutor, is_fast: bool) -> None:
        before = len(self.found.alarms)
        there = versions(self.path)
        if not there and self.pinned.commits:
            self.found.alarm(self.name, "its log is gone, and with it the whole table")
            return
        self._verify_commits()
        log = list(self._readable(there))
        self._verify_files(log, pool, is_fast)
        if len(self.found.alarms) == before:
            self._verify_checkpoint(log)

    def _verify_commits(self) -> None:
        for version, sha in sorted(self.pinned.commits.items()):
            self.found.commits += 1
            try:
                content = commit_path(self.path, version).read_bytes()
            except FileNotFoundError:
                self.found.alarm(
                    self.name, f"{self.pinned.label(version)} was removed from its Delta log"
                )
                continue
            if hashlib.sha256(content).hexdigest() != sha:
                self.found.alarm(
                    self.name,
                    f"{self.pinned.label(version)} in its Delta log is not what was written",
                )

    def _readable(self, there: list[int]) -> Iterator[Commit]:
        newest = max(self.pinned.commits, default=-1)
        if later := [version for version in there if version > newest]:
            self.found.note(
                self.name,
                f"{len(later)} commits from {later[0]} on are not on record yet; the next entry "
                "about this app pins them",
            )
        for version in there:
            try:
                yield read_commit(self.path, version)
            except UnreadableCommitError as error:
                if version not in self.pinned.commits:
                    self.found.alarm(self.name, str(error))

    def _verify_files(self, log: list[Commit], pool: ThreadPoolExecutor, is_fast: bool) -> None:
        replaced = {name for commit in log for name in commit.removed}
        sizes = {file.name: file.size for commit in log for file in commit.added}
        known = {name: sha for name, (sha, _) in self.pinned.files.items()}
        known = checksums(log) | known
        there = {path.name for path in self.path.glob("*.parquet")}
        for name in sorted((known.keys() | sizes.keys()) - there - replaced - self.pinned.removed):
            self.found.alarm(self.name, f"{self._label(name)}file {name} is missing")
        unexplained = (self.pinned.files.keys() & replaced) - there - self.pinned.removed
        if unexplained:
            self.found.note(
                self.name,
                f"{len(unexplained)} replaced files are gone and no entry says why: their rows are "
                "in the files that replaced them",
            )
        named = sorted(there & (known.keys() | sizes.keys()))
        self.found.files += len(named)

        def problem(name: str) -> str | None:
            return _problem(self.path / name, sizes.get(name), None if is_fast else known.get(name))

        for name, said in zip(named, pool.map(problem, named), strict=True):
            if said:
                self.found.alarm(self.name, f"{self._label(name)}file {name} {said}")
        if not is_fast:
            self.found.bytes_hashed += sum(sizes.get(name, 0) for name in named)

    def _verify_checkpoint(self, log: list[Commit]) -> None:
        """Readers start from a checkpoint, which no commit vouches for."""
        active: set[str] = set()
        for commit in log:
            active -= set(commit.removed)
            active |= {file.name for file in commit.added}
        try:
            table = DeltaTable(str(self.path), version=log[-1].version)
            seen = {Path(uri).name for uri in table.file_uris()}
        except DeltaError as error:
            self.found.alarm(
                self.name, f"its commits are whole and it can't be read ({type(error).__name__})"
            )
            return
        if seen != active:
            self.found.alarm(
                self.name,
                f"its commits name {len(active)} files and readers see {len(seen)}: its checkpoint "
                "was changed",
            )

    def _label(self, name: str) -> str:
        _, version = self.pinned.files.get(name, ("", None))
        what = None if version is None else self.pinned.labels.get(version)
        return f"{what}, " if what else ""


def _problem(path: Path, size: int | None, sha256: str | None) -> str | None:
    """What is wrong with one file, or None."""
    try:
        with path.open("rb") as file:
            if size is not None and (now := path.stat().st_size) != size:
                return f"is not what was written: it has {now} bytes instead of {size}"
            if sha256 is not None and hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                return "is not what was written: its checksum differs"
    except FileNotFoundError:
        return None  # replaced, and removed by maintenance while this was looking
    except OSError as error:
        return f"can't be read ({type(error).__name__})"
    return None


def _verify_erasures(settings: Settings, ledger: Ledger, found: Findings) -> None:
    if ledger.erasures is None:
        return
    size, sha256 = ledger.erasures
    path = settings.lake_dir / ERASURES
    content = path.read_bytes()[:size] if path.exists() else b""
    if hashlib.sha256(content).hexdigest() != sha256:
        found.alarm(ERASURES, "the record of erasures is not what was written")
