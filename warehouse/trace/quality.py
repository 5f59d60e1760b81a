"""What was checked of each thing that a number passes through, and how it came out."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from expectations.verdict import CheckResult
from warehouse.dbt import FAILED_STATUSES
from warehouse.trace.field import Relation
from warehouse.trace.models import Models


@dataclass
class Checked:
    """The checks of one thing: how many passed, and each that did not, in words."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, has_passed: bool, sentence: str) -> None:
        """Count one more."""
        if has_passed:
            self.passed += 1
        else:
            self.failed.append(sentence)


class Quality:
    """The verdicts on one candidate: of its audit, and of dbt's tests during the build."""

    def __init__(self, folder: Path, models: Models) -> None:
        self._tests: dict[Relation, Checked] = defaultdict(Checked)
        self._expectations: dict[str, Checked] = defaultdict(Checked)
        self.reconciliation: dict[str, list[CheckResult]] = defaultdict(list)
        """By source table, ``laksa.pengaduan``."""
        self._read_tests(folder / "dbt" / "run_results.json", models)
        self._read_audit(folder / "checks.jsonl")

    def tests(self, relation: Relation) -> Checked:
        """dbt's tests of a model, seed or source."""
        return self._tests[relation]

    def expectations(self, relation: Relation) -> Checked:
        """The audit's checks of a mart."""
        return self._expectations[str(relation)]

    def _read_tests(self, path: Path, models: Models) -> None:
        if not path.exists():
            return
        for result in json.loads(path.read_text("utf-8"))["results"]:
            about = models.tests.get(result["unique_id"])
            model = models.by_id.get(about) if about else None
            if model is not None:
                bad = {*FAILED_STATUSES, "warn"}
                name = result["unique_id"].split(".")[2]
                count = f" ({result['failures']} rows)" if result.get("failures") else ""
                self._tests[model.relation].add(result["status"] not in bad, f"{name}{count}")

    def _read_audit(self, path: Path) -> None:
        if not path.exists():
            return
        for line in path.read_text("utf-8").splitlines():
            result = CheckResult.model_validate_json(line)
            if result.part == "reconciliation":
                self.reconciliation[result.table].append(result)
            else:
                sentence = f"{result.severity}: {result.finding().sentence()}"
                self._expectations[result.table].add(result.passed, sentence)
