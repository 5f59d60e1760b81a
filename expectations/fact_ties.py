"""Facts have the rows of the staging models they are made of, less those that a rule leaves out.

dbt's test ``same_row_count`` says so where a fact has one row per row of staging; here its numbers
are told. A fact of groups says in its ``meta`` what adds up to the rows of staging::

    config:
      meta:
        ties_to:
          staging: stg_epuskesmas__visits
          rows: "sum(visit_count)"
          of: "count(*)"
          rule: "visited_on is not null"
          reason: "a visit without a day is in no month"
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from expectations.privacy import mask
from expectations.tied import ALL_ROWS, ask
from expectations.verdict import CheckResult

FACT_COUNT = "fact count"
_REF = re.compile(r"ref\(['\"](\w+)['\"]\)")


@dataclass(frozen=True)
class Tie:
    """How a mart is tied to a model of staging."""

    mart: str
    staging: str
    rows: str = ALL_ROWS
    """An aggregate over the mart."""
    of: str = ALL_ROWS
    """An aggregate over staging that gives the same."""
    rule: str | None = None
    """Which rows of staging are meant; all by default."""
    reason: str = "Nothing may be lost or doubled between a department and the reports"


def ties(manifest: Mapping[str, Any]) -> list[Tie]:
    """All ties that the models declare, by mart."""
    return sorted(
        [*_of_tests(manifest), *_of_meta(manifest)], key=lambda tie: (tie.mart, tie.staging)
    )


def fact_ties(con: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> list[CheckResult]:
    """One result per tie."""
    return [_checked(con, tie) for tie in ties(manifest)]


def _of_tests(manifest: Mapping[str, Any]) -> Iterator[Tie]:
    nodes = manifest.get("nodes", {})
    for node in nodes.values():
        test = node.get("test_metadata") or {}
        mart = nodes.get(node.get("attached_node"), {})
        if test.get("name") != "same_row_count" or mart.get("schema") != "marts":
            continue
        arguments = test["kwargs"]
        found = _REF.search(arguments["compare_to"])
        if found and found[1].startswith("stg_"):
            tie = Tie(mart["name"], found[1], rule=arguments.get("condition"))
            yield replace(tie, reason=node["description"] or tie.reason)


def _of_meta(manifest: Mapping[str, Any]) -> Iterator[Tie]:
    for node in manifest.get("nodes", {}).values():
        declared = node.get("config", {}).get("meta", {}).get("ties_to")
        if declared and node.get("schema") == "marts":
            yield Tie(mart=node["name"], **declared)


def _checked(con: duckdb.DuckDBPyConnection, tie: Tie) -> CheckResult:
    numbers: dict[str, int | float | None] = {}
    error = None
    try:
        fact = int(ask(con, tie.rows, f'marts."{tie.mart}"') or 0)
        staged = int(ask(con, tie.of, f'staging."{tie.staging}"', tie.rule or "true") or 0)
        numbers = {"fact": fact, "staging": staged, "difference": fact - staged}
    except duckdb.Error as problem:
        error = mask(str(problem).split("\n", 1)[0])
    return CheckResult(
        part="reconciliation",
        severity="critical",
        table=f"marts.{tie.mart}",
        check=f"rows of staging.{tie.staging} = rows here",
        reason=tie.reason,
        type=FACT_COUNT,
        arguments={
            "compared_to": tie.staging,
            "rule": tie.rule,
            "rows": tie.rows,
            "of": tie.of,
        },
        passed=error is None and numbers.get("difference") == 0,
        numbers=numbers,
        error=error,
    )
