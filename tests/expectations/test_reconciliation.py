"""No row is lost or doubled between the source, the lake and staging without being named."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from expectations.reconciliation import reconcile
from expectations.verdict import CheckResult


def _failed(candidate: Path) -> list[CheckResult]:
    return [result for result in _all(candidate) if not result.passed]


def _all(candidate: Path) -> list[CheckResult]:
    with duckdb.connect(candidate / "kota.duckdb", read_only=True) as con:
        return reconcile(con, candidate / "dbt" / "manifest.json")


def test_equal_counts_pass_and_an_uncountable_source_is_said(candidate: Path) -> None:
    results = _all(candidate)

    assert all(result.passed for result in results)
    notes = {result.table: result.note for result in results if result.note}
    assert notes == {"segar.harga": "the source was not counted in the last run"}
    assert {result.numbers.get("at most") for result in results} >= {102, 103}


def test_rows_missing_in_the_lake_are_counted(
    candidate: Path, inject: Callable[[str], None]
) -> None:
    inject("update ops.lake_tables set source_rows = 5 where app = 'laksa'")

    [finding] = _failed(candidate)

    assert (finding.severity, finding.app, finding.table) == (
        "critical",
        "laksa",
        "laksa.pengaduan",
    )
    assert finding.numbers == {"source": 5, "lake": 3, "quarantined": 0, "difference": -2}


@pytest.mark.parametrize(("quarantined", "severity"), [(1, "critical"), (2, "warning")])
def test_quarantine_explains_as_many_rows_as_it_holds(
    candidate: Path, inject: Callable[[str], None], quarantined: int, severity: str
) -> None:
    inject(
        f"update ops.lake_tables set source_rows = 5, quarantined_rows = {quarantined} "
        "where app = 'laksa'"
    )

    [finding] = _failed(candidate)

    assert finding.severity == severity


def test_rows_lost_in_staging_are_counted(candidate: Path, inject: Callable[[str], None]) -> None:
    inject(
        "create or replace view staging.stg_laksa__complaints as "
        "select * from lake_laksa.pengaduan where id > 1"
    )

    [finding] = _failed(candidate)

    assert finding.check == "rows in the lake = rows in staging.stg_laksa__complaints"
    assert finding.numbers == {"lake": 3, "staging": 2, "difference": -1}


def test_a_declared_rule_is_held_to_its_number(
    candidate: Path, inject: Callable[[str], None]
) -> None:
    inject("create or replace view staging.stg_segar__prices as select * from lake_segar.harga")

    [finding] = _failed(candidate)

    assert finding.numbers == {
        "lake": 2,
        "staging": 3,
        "difference": 1,
        "loaded": 3,
        "left out": 1,
    }
    assert finding.reason == "Sent twice"


def test_a_table_that_cannot_be_counted_does_not_hide_the_others(
    candidate: Path, inject: Callable[[str], None]
) -> None:
    inject(
        "drop view lake_laksa.pengaduan; "
        "update ops.lake_tables set lake_rows = 9 where app = 'segar'"
    )

    uncountable, unequal = _failed(candidate)

    assert (uncountable.table, uncountable.check) == (
        "laksa.pengaduan",
        "rows can be counted",
    )
    assert (unequal.table, unequal.check) == (
        "segar.harga",
        "rows recorded = rows in the lake",
    )


def test_a_table_that_nothing_stages_is_a_warning(
    candidate: Path, inject: Callable[[str], None]
) -> None:
    inject(
        "create view lake_laksa.opd as select 1 as id; "
        "insert into ops.lake_tables by name "
        "select * replace ('opd' as table_name, 1 as lake_rows, 1 as source_rows) "
        "from ops.lake_tables where app = 'laksa'"
    )

    [finding] = _failed(candidate)

    assert (finding.severity, finding.table) == ("warning", "laksa.opd")


def test_a_table_with_far_more_rows_than_published_is_not_believed(
    candidate: Path, inject: Callable[[str], None]
) -> None:
    inject("update ops.lake_tables set most_rows = 2 where app = 'laksa'")

    [finding] = _failed(candidate)

    assert (finding.severity, finding.app) == ("critical", "laksa")
    assert finding.sentence() == (
        "laksa.pengaduan: the table did not grow beyond belief in a night (lake 3, at most 2)"
    )
