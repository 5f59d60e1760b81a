"""What an audit found, in a file that publishing trusts only for exactly the bytes it names."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

Severity = Literal["critical", "warning"]
Status = Literal["pass", "warn", "fail"]
Part = Literal["expectations", "reconciliation", "privacy"]

FILE_NAME = "verdict.json"

_READ_BYTES = 1 << 20
_NAMED_IN_SENTENCE = 3


class Finding(BaseModel):
    """One check that did not pass: where, why it matters, and the numbers; never a row's values."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    part: Part
    severity: Severity
    app: str | None = None
    table: str
    check: str
    reason: str
    regulation: str | None = None
    numbers: dict[str, int | float | None] = {}
    error: str | None = None

    def sentence(self) -> str:
        """One line for people: ``marts.dim_areas: code is unique (failing 2, rows 119)``."""
        if self.error is not None:
            return f"{self.table}: {self.check} (could not be checked: {self.error})"
        numbers = ", ".join(
            f"{name} {'unknown' if value is None else f'{value:,}'}"
            for name, value in self.numbers.items()
        )
        return f"{self.table}: {self.check}" + (f" ({numbers})" if numbers else "")


class CheckResult(Finding):
    """One check's result, passed or not; a line of ``checks.jsonl``."""

    passed: bool
    type: str
    arguments: dict[str, Any] = {}
    note: str | None = None

    def finding(self) -> Finding:
        """The part of a failed result that belongs into the verdict."""
        return Finding.model_validate(self.model_dump())


class Verdict(BaseModel):
    """The outcome of one audit. ``fail`` blocks publishing, ``warn`` is published with its mark."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    candidate_id: str
    status: Status
    sha256: str
    started_at: datetime
    finished_at: datetime
    check_count: int
    critical_count: int
    warning_count: int
    failed: list[Finding]

    @classmethod
    def of(
        cls,
        results: list[CheckResult],
        *,
        candidate_id: str,
        sha256: str,
        started_at: datetime,
        finished_at: datetime,
    ) -> Self:
        """Weigh all results: any failed critical check fails, any other failed check warns."""
        failed = [result.finding() for result in results if not result.passed]
        failed.sort(key=lambda finding: (finding.severity, finding.table, finding.check))
        critical = sum(finding.severity == "critical" for finding in failed)
        return cls(
            candidate_id=candidate_id,
            status="fail" if critical else "warn" if failed else "pass",
            sha256=sha256,
            started_at=started_at,
            finished_at=finished_at,
            check_count=len(results),
            critical_count=critical,
            warning_count=len(failed) - critical,
            failed=failed,
        )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read ``verdict.json``. Raises ``OSError`` or ``pydantic.ValidationError``."""
        return cls.model_validate_json(path.read_bytes())

    def save(self, path: Path) -> None:
        """Write ``verdict.json`` in one step, so that nobody reads half of it."""
        partial = path.with_suffix(".partial")
        partial.write_bytes(self.content())
        partial.replace(path)

    def content(self) -> bytes:
        """What ``verdict.json`` holds."""
        return (self.model_dump_json(indent=2) + "\n").encode()

    @property
    def blocks(self) -> bool:
        """Whether the candidate must not be published."""
        return self.status == "fail"

    def covers(self, path: Path) -> bool:
        """Whether this verdict is about exactly the file at ``path``, byte for byte.

        A write-ahead log beside it would change what readers see, so its presence means no.
        """
        has_log = path.with_name(path.name + ".wal").exists()
        return path.is_file() and not has_log and file_sha256(path) == self.sha256

    def sentence(self) -> str:
        """For people: ``3 of 84 checks failed: …; 2 warned``. Names at most three checks."""
        critical = [finding for finding in self.failed if finding.severity == "critical"]
        if critical:
            warned = f"; {self.warning_count} more gave a warning" if self.warning_count else ""
            return f"{self._count(critical)} failed: {_named(critical)}{warned}"
        if self.failed:
            return f"{self._count(self.failed)} gave a warning: {_named(self.failed)}"
        return f"all {self.check_count} checks passed"

    def _count(self, findings: list[Finding]) -> str:
        return f"{len(findings)} of {self.check_count} checks"


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file, read in pieces of 1 MiB. Raises ``OSError``."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _named(findings: list[Finding]) -> str:
    named = "; ".join(finding.sentence() for finding in findings[:_NAMED_IN_SENTENCE])
    rest = len(findings) - _NAMED_IN_SENTENCE
    return f"{named}; and {rest} more" if rest > 0 else named
