"""A changed amount, another unit and a shifted clock are seen though no row is missing."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from expectations.reconciliation import reconcile
from expectations.verdict import CheckResult
from lake.control import Control

Inject = Callable[[str], None]

LAKE = """
drop view staging.stg_laksa__complaints;
drop view lake_laksa.pengaduan;
create table lake_laksa.pengaduan as
select id, id * 100.25::decimal(18, 2) as biaya, timestamptz '2026-11-20 08:00:00+07' as dibuat
from (values (1), (2), (3)) as t(id);
create view staging.stg_laksa__complaints as select * from lake_laksa.pengaduan;
"""


def _control(**changes: object) -> str:
    known = Control(
        column="biaya", kind="number", values=3, total="601.5", least="100.25", greatest="300.75"
    )
    return known.model_copy(update=changes).model_dump_json()


def _told(
    source: str | None, *, held: str | None = None, tolerance: int = 0, personal: bool = False
) -> str:
    def sql(value: str | None) -> str:
        return "null" if value is None else f"'{value}'"

    basis = "uncounted" if source is None else "source"
    return LAKE + (
        "insert into ops.lake_controls values ('laksa', 'pengaduan', 'biaya', 'DECIMAL(18,2)', "
        f"{personal}, '{basis}', {tolerance}, {sql(source)}, {sql(held)})"
    )


def _sums(candidate: Path) -> list[CheckResult]:
    with duckdb.connect(candidate / "kota.duckdb", read_only=True) as con:
        results = reconcile(con, candidate / "dbt" / "manifest.json")
    return [result for result in results if result.type == "control sum"]


def test_equal_sums_pass(candidate: Path, inject: Inject) -> None:
    inject(_told(_control()))

    (result,) = _sums(candidate)

    assert result.passed
    assert result.numbers == {"source": 601.5, "lake": 601.5, "difference": 0}
    assert (result.app, result.table) == ("laksa", "laksa.pengaduan")


@pytest.mark.parametrize(
    "changed",
    [
        "update lake_laksa.pengaduan set biaya = biaya * 1000 where id = 3",
        "update lake_laksa.pengaduan set biaya = case id when 1 then 150.25 when 2 then 150.5 "
        "else biaya end",
        "update lake_laksa.pengaduan set biaya = null where id = 1",
    ],
    ids=["another unit", "equal in sum and not in its ends", "a silent null"],
)
def test_what_a_count_of_rows_does_not_see_is_named(
    candidate: Path, inject: Inject, changed: str
) -> None:
    inject(_told(_control()))
    inject(changed)

    (result,) = _sums(candidate)

    assert not result.passed
    assert result.severity == "critical"
    assert result.check == "biaya adds up to the same at source and in the lake"
    assert result.note == "which rows they are says: kota reconcile laksa.pengaduan"


def test_what_is_in_quarantine_is_added(candidate: Path, inject: Inject) -> None:
    source = _control(values=4, total="651.5", least="50")
    held = _control(values=1, total="50", least="50", greatest="50")
    inject(_told(source, held=held))

    (result,) = _sums(candidate)

    assert result.passed
    assert result.numbers["quarantined"] == 50


def test_what_quarantine_only_may_explain_is_a_warning(candidate: Path, inject: Inject) -> None:
    inject(_told(_control(total="999"), held=_control(values=0, total="1")))

    (result,) = _sums(candidate)

    assert (result.passed, result.severity) == (False, "warning")


def test_what_the_source_still_has_of_erased_persons_is_no_difference(
    candidate: Path, inject: Inject
) -> None:
    source = _control(values=4, total="651.5", least="50")
    inject(_told(source) + "; update ops.lake_tables set erased_rows = 1 where app = 'laksa'")

    (result,) = _sums(candidate)

    assert result.passed
    assert result.note == "the source still has rows of erased persons, which stay out of the lake"

    inject("update lake_laksa.pengaduan set biaya = null where id = 1")
    assert [result.severity for result in _sums(candidate) if not result.passed] == ["critical"]


def test_of_a_personal_column_no_value_is_told(candidate: Path, inject: Inject) -> None:
    inject(_told(_control(least=None, greatest=None), personal=True))

    (result,) = _sums(candidate)

    assert result.passed
    assert {name: result.arguments[name] for name in ("lake_min", "lake_max")} == {
        "lake_min": None,
        "lake_max": None,
    }


def test_a_source_that_was_not_added_up_is_said(candidate: Path, inject: Inject) -> None:
    inject(_told(None))

    (result,) = _sums(candidate)

    assert result.passed
    assert result.note == "the source was not added up in the last run"


def test_a_tolerance_is_shown(candidate: Path, inject: Inject) -> None:
    inject("update ops.lake_tables set source_rows = 4, tolerance_rows = 1 where app = 'laksa'")
    with duckdb.connect(candidate / "kota.duckdb", read_only=True) as con:
        results = reconcile(con, candidate / "dbt" / "manifest.json")
    (result,) = [r for r in results if r.app == "laksa" and "tolerance" in r.numbers]

    assert result.passed
    assert (result.numbers["difference"], result.numbers["tolerance"]) == (-1, 1)
