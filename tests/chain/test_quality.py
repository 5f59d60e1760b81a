"""On the demo city every source adds up to the lake, and a change that a row count misses is named.

Files that add to a table and services that give only news can't be added up every night; they say
so, and nothing else may be uncertain.
"""

from pathlib import Path
from shutil import copyfile
from typing import Any

import duckdb
import pytest

from connectors.registry import load_registry
from expectations.reconciliation import reconcile
from kota.settings import Settings
from tests.chain.city import RunningCity
from tests.chain.conftest import Day, PartialDay

pytestmark = pytest.mark.integration

ONLY_NEWS = {("berita", "berita"), ("darurat112", "panggilan"), ("siak", "perpindahan")}


def _rows(day: Day, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(day.snapshot / "kota.duckdb", read_only=True) as con:
        return con.execute(query).fetchall()


def test_every_table_that_can_be_counted_reconciles(opening: Day) -> None:
    told = _rows(
        opening, "select app, table_name, is_reconciled, status_name from quality.reconciliation"
    )

    assert len(told) == sum(len(app.tables) for app in load_registry(Settings()).values())
    assert {(app, table) for app, table, is_reconciled, _ in told if not is_reconciled} <= ONLY_NEWS
    assert {status for *_, status in told} <= {"Cocok", "Tidak dapat dihitung"}


def test_every_control_column_adds_up(opening: Day, recovered: Day) -> None:
    for day in (opening, recovered):
        told = _rows(
            day,
            "select app, table_name, column_name, source_sum, lake_sum, status_name "
            "from quality.control_sums where status_name <> 'Cocok'",
        )
        assert {status for *_, status in told} <= {"Tidak dapat dihitung"}, told
    by_source = _rows(
        opening,
        "select count(*) from quality.control_sums where basis_name = 'dihitung di sumber'",
    )
    assert by_source[0][0] >= 30


def test_facts_have_the_rows_of_their_staging(opening: Day) -> None:
    told = _rows(opening, "select mart, is_reconciled from quality.facts")

    assert {mart for mart, is_reconciled in told if not is_reconciled} == set()
    assert {"fct_complaints", "fct_tax_bills", "fct_commodity_prices"} <= {m for m, _ in told}


def test_an_amount_that_was_changed_in_the_lake_is_named(
    recovered: Day, city: RunningCity, tmp_path: Path
) -> None:
    """No row is missing and no key is doubled: only the sum sees it."""
    changed = tmp_path / "kota.duckdb"
    copyfile(recovered.candidate, changed)
    manifest = city.settings.candidates_dir / recovered.snapshot.name / "dbt" / "manifest.json"
    with duckdb.connect(changed) as con:
        con.execute(
            "update lake_perizinan.retribusi set jumlah = jumlah * 1000 "
            "where id = (select min(id) from lake_perizinan.retribusi where jumlah > 0)"
        )
        failed = [result for result in reconcile(con, manifest) if not result.passed]

    assert {(result.table, result.check) for result in failed} == {
        ("perizinan.retribusi", "jumlah adds up to the same at source and in the lake"),
        (
            "perizinan.retribusi",
            "amount_rupiah of staging.stg_perizinan__fees adds up to jumlah in the lake",
        ),
    }
    assert {result.severity for result in failed} == {"critical"}


def test_days_make_a_history(opening: Day, without_permits: PartialDay, recovered: Day) -> None:
    told = _rows(
        recovered, "select snapshot_id, is_published, is_current from quality.history order by 1"
    )

    published = [snapshot for snapshot, is_published, _ in told if is_published]
    expected = [day.snapshot.name for day in (opening, without_permits, recovered)]
    assert [snapshot for snapshot in published if snapshot in expected] == expected
    assert [snapshot for snapshot, _, is_current in told if is_current] == [expected[-1]]


def test_the_rows_behind_a_difference_are_named_by_the_command(city: RunningCity) -> None:
    done = city.kota("reconcile", "perizinan.jenis_izin", "--json")

    assert done.code == 0, done.err
    assert done.json["counts"] == {"missing in the lake": 0, "only in the lake": 0, "different": 0}
