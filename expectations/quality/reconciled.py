"""Reconciliation table by table, from the audit's own results."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from expectations.control_sums import CONTROL_SUM
from expectations.fact_ties import FACT_COUNT
from expectations.quality import words
from expectations.quality.material import Material
from expectations.verdict import CheckResult

Row = tuple[Any, ...]

BASES = {
    "source": "dihitung di sumber",
    "read": "dihitung dari yang dibaca",
    "uncounted": "tidak dapat dihitung",
}
MATCH, WITHIN, EXPLAINED, APART, UNCOUNTED = (
    "Cocok",
    "Cocok dalam toleransi",
    "Dijelaskan karantina",
    "Selisih",
    "Tidak dapat dihitung",
)


def reconciliation_rows(material: Material) -> list[Row]:
    """Rows of ``quality.reconciliation``."""
    by_table: dict[str, list[CheckResult]] = defaultdict(list)
    for check in material.checks:
        if check.part == "reconciliation" and check.app is not None:
            by_table[check.table].append(check)
    return [_table_row(material, checks) for _, checks in sorted(by_table.items())]


def control_rows(material: Material) -> list[Row]:
    """Rows of ``quality.control_sums``."""
    rows: list[Row] = []
    for check in material.checks:
        if check.type != CONTROL_SUM or check.app is None:
            continue
        told, numbers = check.arguments, check.numbers
        rows.append(
            (
                check.app,
                material.department(check.app)[0],
                check.table.split(".", 1)[1],
                told["column"],
                BASES[told["basis"]],
                numbers.get("source"),
                numbers.get("lake"),
                told.get("source_values"),
                told.get("lake_values"),
                told.get("source_min"),
                told.get("lake_min"),
                told.get("source_max"),
                told.get("lake_max"),
                None if told["basis"] == "uncounted" else check.passed,
                _control_status(check),
            )
        )
    return rows


def fact_rows(material: Material) -> list[Row]:
    """Rows of ``quality.facts``."""
    return [
        (
            check.table.removeprefix("marts."),
            check.arguments["compared_to"],
            check.arguments.get("rule"),
            check.numbers.get("fact"),
            check.numbers.get("staging"),
            check.numbers.get("difference"),
            check.passed,
            check.reason,
        )
        for check in material.checks
        if check.type == FACT_COUNT
    ]


def _table_row(material: Material, checks: Sequence[CheckResult]) -> Row:
    app, table = checks[0].table.split(".", 1)
    numbers: dict[str, Any] = {}
    for check in checks:
        if check.type != CONTROL_SUM:
            numbers |= check.numbers if "source" in check.numbers else {}
    staged = [check for check in checks if "staging" in check.numbers]
    first = staged[0].numbers if staged else {}
    controls = [check for check in checks if check.type == CONTROL_SUM]
    apart = sum(not check.passed for check in controls)
    basis = next((c.arguments["basis"] for c in checks if "basis" in c.arguments), "uncounted")
    counted_at = next((c.arguments["at"] for c in checks if c.arguments.get("at")), None)
    lake = next((c.numbers["lake"] for c in checks if "recorded" in c.numbers), None) or 0
    status = _status(checks, numbers)
    left_out = int(first.get("left out") or 0)
    return (
        app,
        material.app_name(app),
        *material.department(app),
        table,
        numbers.get("source"),
        int(numbers.get("quarantined") or 0),
        lake,
        left_out,
        first.get("staging"),
        numbers.get("difference"),
        int(numbers.get("tolerance") or 0),
        datetime.fromisoformat(counted_at) if counted_at else None,
        BASES[basis],
        len(controls),
        apart,
        status not in (APART, UNCOUNTED),
        status,
        _explained(f"{app}.{table}", status, numbers, lake, first, left_out, apart),
    )


def _status(checks: Sequence[CheckResult], numbers: dict[str, Any]) -> str:
    failed = [check for check in checks if not check.passed]
    if any(check.severity == "critical" for check in failed):
        return APART
    if failed:
        return EXPLAINED if any(check.numbers.get("quarantined") for check in failed) else APART
    if numbers.get("source") is None:
        return UNCOUNTED
    return WITHIN if numbers.get("difference") else MATCH


def _control_status(check: CheckResult) -> str:
    if check.arguments["basis"] == "uncounted":
        return UNCOUNTED
    if check.passed:
        return EXPLAINED if check.numbers.get("quarantined") else MATCH
    return APART if check.severity == "critical" else EXPLAINED


def _explained(
    name: str,
    status: str,
    numbers: dict[str, Any],
    lake: float,
    staged: dict[str, Any],
    left_out: int,
    apart: int,
) -> str:
    """One sentence for an official."""
    n = words.number
    staging = staged.get("staging")
    held = int(numbers.get("quarantined") or 0)
    if status == UNCOUNTED:
        said = f"Sumber tidak dapat dihitung; lake memuat {n(lake)} baris."
    elif status == MATCH and not left_out and staging == lake:
        return f"Sumber, lake, dan staging sama: {n(lake)} baris."
    else:
        said = f"Sumber {n(numbers.get('source'))} baris, lake {n(lake)}"
        said += f", staging {n(staging)}." if staging is not None else "."
    if left_out:
        said += f" {n(left_out)} baris dilepas di staging menurut aturan."
    if held:
        said += f" {n(held)} baris ditahan di karantina."
    if status == WITHIN:
        said += f" Selisih dalam toleransi {n(numbers.get('tolerance'))} baris."
    if apart:
        said += f" {n(apart)} kolom kontrol berbeda."
    if status == APART:
        said += f" Baris yang berbeda: kota reconcile {name}."
    return said
