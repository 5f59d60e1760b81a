"""What there is to tell about one audited candidate, read once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb

from connectors.registry import App, load_registry
from expectations.quality.words import ACROSS
from expectations.verdict import FILE_NAME as VERDICT
from expectations.verdict import CheckResult, Verdict
from kota.settings import Settings
from warehouse.candidate import Candidate

CHECKS = "checks.jsonl"
CORE = ("dim_", "int_persons__", "int_places__", "int_departments__", "int_services__")
"""Nearly every dataset reads these: they do not make it theirs who feed them."""


@dataclass(frozen=True)
class Material:
    """A candidate with its verdict and checks. It has to have been audited."""

    settings: Settings
    candidate: Candidate

    @cached_property
    def verdict(self) -> Verdict:
        """The outcome of its audit."""
        return Verdict.load(self.candidate.folder / VERDICT)

    @cached_property
    def checks(self) -> list[CheckResult]:
        """Every result, in the order of the audit."""
        lines = (self.candidate.folder / CHECKS).read_text("utf-8").splitlines()
        return [CheckResult.model_validate_json(line) for line in lines]

    @cached_property
    def apps(self) -> dict[str, App]:
        """The registry."""
        return load_registry(self.settings)

    @cached_property
    def dbt(self) -> Mapping[str, Any]:
        """dbt's manifest of the build; empty where it left none."""
        path = self.candidate.folder / "dbt" / "manifest.json"
        content: Mapping[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        return content

    @cached_property
    def departments(self) -> dict[str, str]:
        """Names by code."""
        rows = self.ask("select department_code, department_name from marts.dim_departments")
        return dict(rows)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the candidate; nothing where it has no such table."""
        with duckdb.connect(self.candidate.path, read_only=True) as con:
            try:
                return con.execute(query).fetchall()
            except duckdb.CatalogException:
                return []

    def department(self, app: str | None) -> tuple[str, str]:
        """Code and name of the department that owns an app."""
        if app is None or app not in self.apps:
            return ACROSS
        code = self.apps[app].department
        return code, self.departments.get(code, code)

    def app_name(self, app: str) -> str:
        """What people call it."""
        return self.apps[app].name if app in self.apps else app

    def owner(self, mart: str) -> tuple[str, str]:
        """The department whose apps feed a mart; ``ACROSS`` where several do."""
        owners = {self.department(app) for app in self._feeding(f"model.kota.{mart}")}
        return owners.pop() if len(owners) == 1 else ACROSS

    def _feeding(self, node: str) -> set[str]:
        """The apps above a node, those above what everybody reads left out."""
        parents: Mapping[str, Sequence[str]] = self.dbt.get("parent_map", {})
        apps, seen, ahead = set(), {node}, [node]
        while ahead:
            here = ahead.pop()
            if here.startswith("source.") and here.split(".")[2].startswith("lake_"):
                apps.add(here.split(".")[2].removeprefix("lake_"))
            for parent in parents.get(here, ()):
                is_core = parent.split(".")[-1].startswith(CORE)
                if parent not in seen and not is_core:
                    seen.add(parent)
                    ahead.append(parent)
        return apps
