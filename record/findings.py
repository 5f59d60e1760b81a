"""What `kota verify` has to say, a sentence each."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it is on record."""

    subject: str
    """What it is about: ``record``, ``app.table``, ``candidate ID``, ``snapshot ID``."""
    sentence: str
    is_alarm: bool
    """Whether something was changed or removed; otherwise it is said for completeness."""


@dataclass
class Findings:
    """All of them, with how much was looked at."""

    found: list[Finding] = field(default_factory=list)
    entries: int = 0
    commits: int = 0
    files: int = 0
    bytes_hashed: int = 0
    evidence: int = 0
    snapshots: int = 0

    def alarm(self, subject: str, sentence: str) -> None:
        """Something was changed or removed."""
        self.found.append(Finding(subject, f"{subject}: {sentence}", True))

    def note(self, subject: str, sentence: str) -> None:
        """Something that an auditor may want to know."""
        self.found.append(Finding(subject, f"{subject}: {sentence}", False))

    @property
    def alarms(self) -> list[Finding]:
        """What was changed or removed."""
        return [finding for finding in self.found if finding.is_alarm]
