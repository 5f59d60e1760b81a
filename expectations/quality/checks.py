"""The checks of the day, and what they say about each department."""

from typing import Any

from expectations.quality import words
from expectations.quality.material import Material
from expectations.verdict import CheckResult

Row = tuple[Any, ...]


def check_rows(material: Material) -> list[Row]:
    """Rows of ``quality.checks``."""
    rows: list[Row] = []
    for place, check in enumerate(material.checks, start=1):
        code, name = _department(material, check)
        rows.append(
            (
                place,
                check.part,
                words.PARTS.get(check.part, check.part),
                check.severity,
                words.SEVERITIES[check.severity],
                check.app,
                code,
                name,
                check.table,
                check.check,
                check.reason,
                check.regulation,
                check.passed,
                status_name(check),
                words.numbers(check.numbers),
                check.note or check.error,
            )
        )
    return rows


def status_name(check: CheckResult) -> str:
    """Passed, or how bad it is."""
    if check.passed:
        return "Lulus"
    return "Gagal" if check.severity == "critical" else "Catatan"


def department_verdict(warnings: int, criticals: int) -> str:
    """As the verdict on the whole is made."""
    return "fail" if criticals else "warn" if warnings else "pass"


def _department(material: Material, check: CheckResult) -> tuple[str, str]:
    if check.app is not None:
        return material.department(check.app)
    return material.owner(check.table.removeprefix("marts."))
