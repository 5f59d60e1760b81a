"""Write the schema ``quality`` into a database: a snapshot being published, or one for the page."""

from pathlib import Path
from typing import Any

import duckdb

from expectations.privacy import scan_for_identifiers
from expectations.quality import history, reconciled, scores, sources, words
from expectations.quality.checks import check_rows, department_verdict
from expectations.quality.material import Material

SCHEMA = "quality"
NUMBERS_ONLY = ("numbers_text", "source_min", "lake_min", "source_max", "lake_max")
"""Columns that are made of numbers and times, and of no personal column."""
_DDL = Path(__file__).parent / "schema.sql"

Row = tuple[Any, ...]


class PersonalDataError(Exception):
    """A table about quality holds what looks like a personal identifier."""


def write_quality(
    con: duckdb.DuckDBPyConnection, material: Material, *, is_published: bool
) -> None:
    """Create the tables of schema ``quality``. Raises ``PersonalDataError``."""
    found = scores.scores(material)
    tables: dict[str, list[Row]] = {
        "checks": check_rows(material),
        "quarantine": sources.quarantine_rows(material),
        "reconciliation": reconciled.reconciliation_rows(material),
        "control_sums": reconciled.control_rows(material),
        "facts": reconciled.fact_rows(material),
        "freshness": sources.freshness_rows(material),
        "drift": sources.drift_rows(material),
        "scores": scores.score_rows(found),
        "score_principles": scores.principle_rows(found),
        "history": history.earlier_rows(material.settings, material.candidate.id),
    }
    con.execute(_DDL.read_text("utf-8"))
    for name, rows in tables.items():
        _insert(con, name, rows)
    _insert(con, "departments", _department_rows(con))
    this = history.this_row(
        material,
        _column(con, "select is_reconciled from quality.reconciliation"),
        sum(_column(con, "select open_count from quality.quarantine")),
        sum(_column(con, "select is_late from quality.freshness")),
        found,
        is_published=is_published,
    )
    _insert(con, "history", [this])
    leaks = [check for check in scan_for_identifiers(con, SCHEMA, NUMBERS_ONLY) if not check.passed]
    if leaks:
        raise PersonalDataError(
            "the tables about quality are not published: "
            + "; ".join(check.sentence() for check in leaks)
        )


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        con.executemany(f"insert into quality.{table} values ({marks})", rows)


def _column(con: duckdb.DuckDBPyConnection, query: str) -> list[Any]:
    return [row[0] for row in con.execute(query).fetchall()]


def _department_rows(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """The departments that own an app, with what the other tables say of each."""
    rows = con.execute(
        """
        with apps as (
            select department_code, any_value(department_name) as department_name,
                count(distinct app) as app_count, count(*) as table_count,
                count(*) filter (is_reconciled) as reconciled_table_count
            from quality.reconciliation group by department_code
        )
        select department_code, department_name, app_count,
            (select count(*) from quality.checks c where c.department_code = a.department_code),
            (select count(*) from quality.checks c where c.department_code = a.department_code
                and not is_passed and severity = 'warning'),
            (select count(*) from quality.checks c where c.department_code = a.department_code
                and not is_passed and severity = 'critical'),
            table_count, reconciled_table_count,
            (select coalesce(sum(open_count), 0)::bigint from quality.quarantine q
                where q.department_code = a.department_code),
            (select count(*) from quality.freshness f
                where f.department_code = a.department_code and is_late),
            (select round(avg(score_percent), 1) from quality.scores s
                where s.department_code = a.department_code)
        from apps a order by department_name
        """
    ).fetchall()
    departments: list[Row] = []
    for code, name, apps, checks, warnings, criticals, *rest in rows:
        verdict = department_verdict(warnings, criticals)
        departments.append(
            (
                code,
                name,
                apps,
                checks,
                warnings,
                criticals,
                verdict,
                words.VERDICTS[verdict],
                *rest,
            )
        )
    return departments
