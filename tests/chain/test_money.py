"""What citizens owe and what departments spend, in the marts as in the city that was made up."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from demo.areas import load_areas
from demo.budget import Budgets
from demo.budget_plan import OFFICES
from demo.pbb_bills import TaxBills, TaxPayments
from demo.pbb_objects import TaxObjects
from demo.population import Population
from tests.chain.city import SPEC
from tests.chain.conftest import Day

pytestmark = pytest.mark.integration


def test_every_rupiah_of_the_property_tax_is_on_its_bill(opening: Day) -> None:
    bills = TaxBills(TaxObjects(Population(SPEC, load_areas()), opening.truth.day))
    payments = TaxPayments(bills)
    paid = np.bincount(payments.bill, weights=payments.amount, minlength=len(bills.ids))
    beyond = paid.astype(np.int64) - bills.amount
    of_years = {}
    for year in bills.years:
        here = bills.tax_year == year
        of_years[year] = (
            int(here.sum()),
            int(bills.amount[here].sum()),
            int(paid[here].sum()),
            int(-beyond[here & (beyond < 0)].sum()),
            int(beyond[here & (beyond > 0)].sum()),
            int((beyond[here] >= 0).sum()),
        )

    assert {
        year: figures
        for year, *figures in _rows(
            opening.snapshot,
            "select tax_year, count(*), sum(billed_rupiah), sum(paid_rupiah), "
            "sum(outstanding_rupiah), sum(overpaid_rupiah), count(*) filter (where is_paid) "
            "from marts.fct_tax_bills group by tax_year",
        )
    } == {year: list(figures) for year, figures in of_years.items()}


def test_every_tax_object_is_where_it_lies(opening: Day) -> None:
    objects = TaxObjects(Population(SPEC, load_areas()), opening.truth.day)
    bills = TaxBills(objects)
    kelurahan = np.array(load_areas().kelurahan_codes)[objects.kelurahan[bills.object]]
    counted = dict(zip(*map(list, np.unique(kelurahan, return_counts=True)), strict=True))

    found = _rows(
        opening.snapshot, "select kelurahan_code, count(*) from marts.fct_tax_bills group by all"
    )
    assert dict(found) == counted


def test_what_departments_spend_is_in_no_sum_twice(opening: Day) -> None:
    budgets = Budgets(SPEC, opening.truth.day)
    expected = {}
    for year in budgets.years:
        for place, office in enumerate(OFFICES):
            figures = budgets.figures(year, place)
            expected[year, office.sheet] = (int(figures.budget[0]), int(figures.spent[0].sum()))

    found = _rows(
        opening.snapshot,
        "select budget_year, sheet_name, sum(budget_rupiah), sum(realised_rupiah) "
        "from marts.fct_budget_lines group by all",
    )
    assert {(year, sheet): (budget, spent) for year, sheet, budget, spent in found} == expected
    assert _rows(
        opening.snapshot,
        "select count(*) from marts.fct_budget_lines where department_code = 'unassigned'",
    ) == [(0,)]


def _rows(snapshot: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask a published snapshot; amounts as whole rupiah."""
    with duckdb.connect(snapshot / "kota.duckdb", read_only=True) as con:
        rows = con.execute(sql).fetchall()
    return [tuple(int(cell) if isinstance(cell, Decimal) else cell for cell in row) for row in rows]
