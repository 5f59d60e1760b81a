"""One night's candidate: an app that makes it fail is held back, and the city goes on without it.

`kota run` and the Airflow DAG both come through here. A night builds at most a few times: first
with all that came; then with the fewest apps held that explain what failed; if the same thing fails
again, with every app held that could be behind it. What still fails then is not the data's doing.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from connectors.registry import load_registry
from expectations.verdict import Verdict
from kota.settings import Settings
from warehouse.build import build
from warehouse.candidate import Candidate
from warehouse.culprits import (
    Failure,
    audit_failures,
    build_failures,
    everyone,
    fewest,
)
from warehouse.dbt import DbtError
from warehouse.lineage import Lineage
from warehouse.pins import changed_apps, pin

Audit = Callable[[str], Verdict]
MOST_BUILDS = 4


class Night:
    """The builds of one night, and whom they hold back."""

    def __init__(self, settings: Settings, *, is_full: bool = False) -> None:
        self.settings = settings
        self.is_full = is_full
        self.blamed: dict[str, str] = {}
        self._builds = 0
        self._met: set[str] = set()

    def build(self) -> Candidate:
        """A candidate that dbt built and tested to the end.

        Raises what ``warehouse.build.build`` raises; ``DbtError`` when no app explains it.
        """
        while True:
            self._builds += 1
            try:
                return build(self.settings, self.blamed, is_full=self.is_full)
            except DbtError as error:
                lineage = Lineage.load(error.target)
                failures = build_failures(error.failed, lineage)
                if not self._hold(error.target.parent.name, failures):
                    raise

    def audit(self, candidate: Candidate, audit: Audit) -> tuple[Candidate, Verdict]:
        """The candidate with its verdict, or the one that took its place.

        The verdict blocks when no app explains it. Raises as ``build`` does.
        """
        held = candidate.manifest.held
        self.blamed |= {app: entry.reason for app, entry in held.items() if entry.is_blamed}
        verdict = audit(candidate.id)
        while verdict.blocks:
            failures = audit_failures(verdict, Lineage.load(candidate.folder / "dbt"))
            if not self._hold(candidate.id, failures):
                break
            candidate = self.build()
            verdict = audit(candidate.id)
        return candidate, verdict

    def _hold(self, candidate_id: str, failures: Sequence[Failure]) -> bool:
        """Blame more apps, if that can help."""
        apps = load_registry(self.settings)
        pins = pin(self.settings, apps, self.blamed, datetime.now(UTC))
        changed = changed_apps(self.settings, apps, pins)
        has_failed_again = any(failure.id in self._met for failure in failures)
        self._met |= {failure.id for failure in failures}
        more = (everyone if has_failed_again else fewest)(failures, changed)
        if not more or self._builds >= MOST_BUILDS:
            return False
        self.blamed |= more
        self._record(candidate_id, failures, more)
        return True

    def _record(
        self, candidate_id: str, failures: Sequence[Failure], blamed: Mapping[str, str]
    ) -> None:
        """For the auditor: what failed, and who was held back for it."""
        folder = self.settings.audit_dir / "held"
        folder.mkdir(parents=True, exist_ok=True)
        told = {
            "candidate": candidate_id,
            "at": datetime.now(UTC).isoformat(),
            "failed": [failure.what for failure in failures],
            "held": dict(blamed),
        }
        path = folder / f"{candidate_id}.json"
        path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
