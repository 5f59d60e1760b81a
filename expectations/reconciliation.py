"""Rows at the source = rows in the lake's current state = rows in staging, table by table.

So are the sums of the columns that the registry names, and facts have the rows of their staging.
And no more rows than a table can have come to since the last publication.

A staging model that drops rows on purpose says which ones it keeps, as an aggregate over the
current state of its source table, so that equality is still proved and never waived::

    config:
      meta:
        reconcile:
          expected_rows: "count(distinct id)"
          reason: "the form sends a request twice when the network is slow"

Columns of staging that have to add up to columns of the lake are named there too, as
``control: {amount_rupiah: jumlah}``: the column, and an expression over the source's row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from expectations.control_sums import control_sums, staging_sum
from expectations.fact_ties import fact_ties
from expectations.privacy import mask
from expectations.tied import ALL_ROWS, ask, load_manifest
from expectations.verdict import CheckResult, Severity

ROW_COUNT = "row count"


@dataclass(frozen=True)
class StagingModel:
    """A dbt model that reads one source table, and how many rows it should have."""

    relation: str
    expected_rows: str
    reason: str
    control: Mapping[str, str]
    """Expressions over a row of the source table, by the column that has to add up to them."""


@dataclass(frozen=True)
class Counted:
    """One row of ``ops.lake_tables``: what is known of a source table's rows."""

    app: str
    table: str
    source_rows: int | None
    lake_rows: int
    quarantined_rows: int
    most_rows: int | None
    checked_at: datetime | None
    count_basis: str
    """``source``: counted by the source; ``read``: counted while it was read."""
    tolerance_rows: int
    """Not 0 where the source can't be counted in the instant in which it is read."""
    erased_rows: int
    """Rows of erased persons may still be at the source, so many at most."""


def reconcile(con: duckdb.DuckDBPyConnection, dbt_manifest: Path) -> list[CheckResult]:
    """Compare counts and sums of every table in ``ops.lake_tables``, and tie facts to staging.

    Raises ``OSError``, ``ValueError`` (no readable manifest) or ``duckdb.Error`` (no
    ``ops.lake_tables``); a single table that cannot be counted is a failed result instead.
    """
    manifest = load_manifest(dbt_manifest)
    staging = staging_models(manifest)
    names = ", ".join(field.name.replace("table", "table_name") for field in _FIELDS)
    results = []
    for row in con.execute(
        f"select {names} from ops.lake_tables order by app, table_name"
    ).fetchall():
        counted = Counted(*row)
        app, table = counted.app, counted.table
        try:
            rows = _count(con, f'lake_{app}."{table}"', ALL_ROWS)
            results.append(_source(counted, rows))
            results.append(_pinned(app, table, counted.lake_rows, rows))
            results.append(_grown(app, table, counted.most_rows, rows))
            results += _staged(con, app, table, staging.get((f"lake_{app}", table), []))
        except duckdb.Error as error:
            results.append(
                _result(app, table, "rows can be counted", False, {}, error=mask(str(error)))
            )
    return [*results, *control_sums(con), *fact_ties(con, manifest)]


_FIELDS = fields(Counted)


def staging_models(manifest: Mapping[str, Any]) -> dict[tuple[str, str], list[StagingModel]]:
    """Which models of schema ``staging`` read which source table, from dbt's own manifest.

    Keys are (schema, table) of the source.
    """
    sources = manifest.get("sources", {})
    models: dict[tuple[str, str], list[StagingModel]] = {}
    for node in manifest.get("nodes", {}).values():
        if node.get("resource_type") != "model" or node.get("schema") != "staging":
            continue
        declared: dict[str, Any] = node.get("config", {}).get("meta", {}).get("reconcile", {})
        model = StagingModel(
            relation=f'staging."{node.get("alias") or node["name"]}"',
            expected_rows=declared.get("expected_rows", ALL_ROWS),
            reason=declared.get("reason", "Staging cleans rows and keeps every one of them"),
            control=declared.get("control", {}),
        )
        for parent in node.get("depends_on", {}).get("nodes", []):
            if source := sources.get(parent):
                key = (source["schema"], source.get("identifier") or source["name"])
                models.setdefault(key, []).append(model)
    return models


def _source(counted: Counted, rows: int) -> CheckResult:
    """Rows held back in quarantine explain a difference up to their number, as a warning."""
    app, table, source = counted.app, counted.table, counted.source_rows
    quarantined, tolerance = counted.quarantined_rows, counted.tolerance_rows
    numbers: dict[str, int | None] = {"source": source, "lake": rows, "quarantined": quarantined}
    check = "rows at source = rows in the lake"
    at = counted.checked_at.isoformat() if counted.checked_at else None
    if source is None:
        return _result(
            app,
            table,
            check,
            True,
            numbers,
            note="the source was not counted in the last run",
            arguments={"basis": "uncounted", "at": at},
        )
    missing = source - rows
    numbers["difference"] = -missing
    note = None
    if tolerance:
        numbers["tolerance"] = tolerance
        note = "the source can't be counted in the instant in which it is read"
    if counted.erased_rows:
        numbers["erased at most"] = counted.erased_rows
    passed = -tolerance <= missing <= tolerance + counted.erased_rows
    explained = 0 < missing <= quarantined + tolerance + counted.erased_rows
    return _result(
        app,
        table,
        check,
        passed,
        numbers,
        severity="warning" if explained else "critical",
        reason="Rows held back in quarantine are not in any report yet"
        if explained and not passed
        else None,
        note=note if passed else f"which rows they are says: kota reconcile {app}.{table}",
        arguments={"basis": counted.count_basis, "at": at},
    )


def _pinned(app: str, table: str, recorded: int | None, rows: int) -> CheckResult:
    numbers = {"recorded": recorded, "lake": rows}
    return _result(app, table, "rows recorded = rows in the lake", recorded == rows, numbers)


def _grown(app: str, table: str, most_rows: int | None, rows: int) -> CheckResult:
    """Loaded twice under new keys, by the department or by us, a table fits every other rule."""
    check = "the table did not grow beyond belief in a night"
    reason = (
        "A table that suddenly has far more rows was most likely loaded twice; if it is right, "
        "raise max_grown_share in the app's registry file"
    )
    if most_rows is None:
        note = "nothing was published of it yet"
        return _result(app, table, check, True, {"lake": rows}, reason=reason, note=note)
    numbers = {"lake": rows, "at most": most_rows}
    return _result(app, table, check, rows <= most_rows, numbers, reason=reason)


def _staged(
    con: duckdb.DuckDBPyConnection, app: str, table: str, models: list[StagingModel]
) -> list[CheckResult]:
    if not models:
        reason = "A table that is loaded but not staged cannot reach any report"
        check = "a staging model reads it"
        return [_result(app, table, check, False, {}, severity="warning", reason=reason)]
    results = []
    for model in models:
        current = f'lake_{app}."{table}"'
        loaded, expected = _count(con, current, ALL_ROWS), _count(con, current, model.expected_rows)
        staged = _count(con, model.relation, ALL_ROWS)
        name = model.relation.replace('"', "")
        numbers = {"lake": expected, "staging": staged, "difference": staged - expected}
        if loaded != expected:
            numbers |= {"loaded": loaded, "left out": loaded - expected}
        check = f"rows in the lake = rows in {name}"
        results.append(_result(app, table, check, expected == staged, numbers, reason=model.reason))
        results += [
            staging_sum(con, (app, table), model.relation, column, expression)
            for column, expression in model.control.items()
        ]
    return results


def _count(con: duckdb.DuckDBPyConnection, relation: str, aggregate: str) -> int:
    return int(ask(con, aggregate, relation))


def _result(
    app: str,
    table: str,
    check: str,
    passed: bool,
    numbers: Mapping[str, int | None],
    *,
    severity: Severity = "critical",
    reason: str | None = None,
    error: str | None = None,
    note: str | None = None,
    arguments: Mapping[str, Any] | None = None,
) -> CheckResult:
    return CheckResult(
        part="reconciliation",
        severity=severity,
        app=app,
        table=f"{app}.{table}",
        check=check,
        reason=reason or "Nothing may be lost or doubled between a department and the reports",
        type=ROW_COUNT,
        arguments=dict(arguments or {}),
        passed=passed,
        numbers=dict(numbers),
        error=error,
        note=note,
    )
