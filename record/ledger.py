"""What the entries of a chain say together about tables, candidates and snapshots."""

from dataclasses import dataclass, field
from typing import Any

from record.chain import Entry

MANIFEST = "manifest.json"
PAPERS = {
    "manifest": MANIFEST,
    "configuration": "configuration.json",
    "column_lineage": "openlineage.jsonl",
}
"""What says how a warehouse file was made: evidence, and a file beside it."""


@dataclass
class PinnedTable:
    """A Delta table as it is on record."""

    commits: dict[int, str] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    """What each commit is: ``batch 9``, ``compaction``."""
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    """SHA-256 and version of each file."""
    removed: set[str] = field(default_factory=set)
    """Files that maintenance or an erasure removed."""

    def label(self, version: int) -> str:
        """``commit 12 (batch 9)``."""
        what = self.labels.get(version)
        return f"commit {version} ({what})" if what else f"commit {version}"


@dataclass
class Ledger:
    """Made by reading the entries in their order."""

    tables: dict[str, PinnedTable] = field(default_factory=dict)
    erasures: tuple[int, str] | None = None
    """How many bytes of the record of erasures are known, and their hash."""
    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The last audit of each candidate."""
    builds: dict[str, dict[str, str]] = field(default_factory=dict)
    """The hashes of what says how each candidate was made, by file name."""
    snapshots: dict[str, dict[str, str]] = field(default_factory=dict)
    """The same for each snapshot that was ever shown."""
    inherited: set[str] = field(default_factory=set)
    """Snapshots that were there before the record."""
    forgotten: set[str] = field(default_factory=set)
    """Snapshots that retention removed."""
    current: str | None = None
    evidence: dict[str, str] = field(default_factory=dict)
    """The first entry that names each piece of evidence."""
    acceptances: list[tuple[str, str]] = field(default_factory=list)
    """Tables and lost snapshots that a person took as they were, with a sentence."""

    def add(self, entry: Entry) -> None:
        """Take the next entry into account."""
        payload = entry.payload
        for name, told in payload.get("tables", {}).items():
            self._pin(name, told)
        for name, files in payload.get("files_removed", {}).items():
            self.tables.setdefault(name, PinnedTable()).removed.update(files)
        if told := payload.get("erasures"):
            self.erasures = (told["bytes"], told["sha256"])
        for kind, digest in payload.get("evidence", {}).items():
            self.evidence.setdefault(digest, f"{kind} of {entry.name}")
        match entry.kind:
            case "begin":
                self._begin(payload)
            case "build" if "manifest" in payload["evidence"]:
                self.builds[payload["candidate"]] = _files(payload["evidence"])
            case "audit":
                evidence = payload["evidence"]
                self.verdicts[payload["candidate"]] = {
                    "status": payload["status"],
                    "sha256": payload["sha256"],
                    "files": {
                        "verdict.json": evidence["verdict"],
                        "checks.jsonl": evidence["checks"],
                    },
                }
            case "publication" | "rollback":
                self.snapshots[payload["snapshot"]] = _files(payload["evidence"])
                self.forgotten.discard(payload["snapshot"])
                self.current = payload["snapshot"]
            case "retention":
                self.forgotten.update(payload["snapshots"])
            case "acceptance":
                self._accept(entry)

    def _pin(self, name: str, told: dict[str, Any]) -> None:
        if told.get("is_new"):
            self.tables[name] = PinnedTable()
        table = self.tables.setdefault(name, PinnedTable())
        for commit in told["commits"]:
            version = commit["version"]
            table.commits[version] = commit["sha256"]
            what = f"batch {commit['batch']}" if "batch" in commit else commit.get("what")
            if what:
                table.labels[version] = what
            for file, sha in commit.get("files", {}).items():
                table.files[file] = (sha, version)

    def _begin(self, payload: dict[str, Any]) -> None:
        for candidate, told in payload["candidates"].items():
            files = dict(told["files"])
            self.builds[candidate] = {MANIFEST: files.pop(MANIFEST)}
            if "status" in told:
                self.verdicts[candidate] = {**told, "files": files}
        self.snapshots = {name: {MANIFEST: sha} for name, sha in payload["snapshots"].items()}
        self.inherited = set(self.snapshots)
        self.current = payload["current"]

    def _accept(self, entry: Entry) -> None:
        for name in entry.payload["tables_gone"]:
            self.tables.pop(name, None)
        snapshots = entry.payload.get("snapshots_gone", [])
        for name in snapshots:
            self.snapshots.pop(name, None)
            self.current = None if self.current == name else self.current
        for name in [*entry.payload["tables"], *entry.payload["tables_gone"], *snapshots]:
            self.acceptances.append(
                (
                    name,
                    f"was accepted as it is by {entry.payload['by']} in {entry.name}: "
                    f"{entry.payload['reason']}",
                )
            )


def _files(evidence: dict[str, str]) -> dict[str, str]:
    """The hashes of what lies beside a warehouse file, by file name."""
    return {PAPERS[what]: sha for what, sha in evidence.items() if what in PAPERS}
