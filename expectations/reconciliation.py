"""Rows at the source = rows in the lake's current state = rows in staging, table by table.

And no more rows than a table can have come to since the last publication.

A staging model that drops rows on purpose says which ones it keeps, as an aggregate over the
current state of its source table, so that equality is still proved and never waived::

    config:
      meta:
        reconcile:
          expected_rows: "count(distinct id)"
          reason: "the form sends a request twice when the network is slow"
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from expectations.privacy import mask
from expectations.verdict import CheckResult, Severity

_ALL_ROWS = "count(*)"


@dataclass(frozen=True)
class StagingModel:
    """A dbt model that reads one source table, and how many rows it should have."""

    relation: str
    expected_rows: str
    reason: str


def reconcile(con: duckdb.DuckDBPyConnection, dbt_manifest: Path) -> list[CheckResult]:
    """Compare the counts of every table in ``ops.lake_tables``.

    Raises ``OSError``, ``ValueError`` (no readable manifest) or ``duckdb.Error`` (no
    ``ops.lake_tables``); a single table that cannot be counted is a failed result instead.
    """
    staging = staging_models(dbt_manifest)
    results = []
    for app, table, source_rows, lake_rows, quarantined_rows, most_rows in con.execute(
        """select app, table_name, source_rows, lake_rows, quarantined_rows, most_rows
        from ops.lake_tables order by app, table_name"""
    ).fetchall():
        current = f'lake_{app}."{table}"'
        try:
            rows = _count(con, current, _ALL_ROWS)
            results.append(_source(app, table, source_rows, rows, quarantined_rows))
            results.append(_pinned(app, table, lake_rows, rows))
            results.append(_grown(app, table, most_rows, rows))
            results += _staged(con, app, table, staging.get((f"lake_{app}", table), []))
        except duckdb.Error as error:
            results.append(
                _result(app, table, "rows can be counted", False, {}, error=mask(str(error)))
            )
    return results


def staging_models(dbt_manifest: Path) -> dict[tuple[str, str], list[StagingModel]]:
    """Which models of schema ``staging`` read which source table, from dbt's own manifest.

    Keys are (schema, table) of the source. Raises ``OSError`` or ``ValueError``.
    """
    manifest = json.loads(dbt_manifest.read_text("utf-8"))
    sources = manifest.get("sources", {})
    models: dict[tuple[str, str], list[StagingModel]] = {}
    for node in manifest.get("nodes", {}).values():
        if node.get("resource_type") != "model" or node.get("schema") != "staging":
            continue
        declared: dict[str, Any] = node.get("config", {}).get("meta", {}).get("reconcile", {})
        model = StagingModel(
            relation=f'staging."{node.get("alias") or node["name"]}"',
            expected_rows=declared.get("expected_rows", _ALL_ROWS),
            reason=declared.get("reason", "Staging cleans rows and keeps every one of them"),
        )
        for parent in node.get("depends_on", {}).get("nodes", []):
            if source := sources.get(parent):
                key = (source["schema"], source.get("identifier") or source["name"])
                models.setdefault(key, []).append(model)
    return models


def _source(
    app: str, table: str, source_rows: int | None, rows: int, quarantined: int | None
) -> CheckResult:
    """Rows held back in quarantine explain a difference up to their number, as a warning."""
    numbers = {"source": source_rows, "lake": rows, "quarantined": quarantined or 0}
    check = "rows at source = rows in the lake"
    if source_rows is None:
        note = "the source was not counted in the last run"
        return _result(app, table, check, True, numbers, note=note)
    missing = source_rows - rows
    explained = 0 < missing <= (quarantined or 0)
    return _result(
        app,
        table,
        check,
        missing == 0,
        numbers | {"difference": -missing},
        severity="warning" if explained else "critical",
        reason="Rows held back in quarantine are not in any report yet" if explained else None,
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
        expected = _count(con, f'lake_{app}."{table}"', model.expected_rows)
        staged = _count(con, model.relation, _ALL_ROWS)
        name = model.relation.replace('"', "")
        numbers = {"lake": expected, "staging": staged, "difference": staged - expected}
        check = f"rows in the lake = rows in {name}"
        results.append(_result(app, table, check, expected == staged, numbers, reason=model.reason))
    return results


def _count(con: duckdb.DuckDBPyConnection, relation: str, aggregate: str) -> int:
    row = con.execute(f"select {aggregate} from {relation}").fetchone()
    return int(row[0]) if row else 0


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
) -> CheckResult:
    return CheckResult(
        part="reconciliation",
        severity=severity,
        app=app,
        table=f"{app}.{table}",
        check=check,
        reason=reason or "Nothing may be lost or doubled between a department and the reports",
        type="row count",
        passed=passed,
        numbers=dict(numbers),
        error=error,
        note=note,
    )
