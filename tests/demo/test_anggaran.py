"""The budget office: what adds up, when a workbook is sent, and what the next month changes."""

from collections import defaultdict
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from demo.anggaran import anggaran_files, anggaran_tables
from demo.budget import Budgets, office_lines
from demo.budget_plan import MONTHS, OFFICES, RUPIAH_A_CITIZEN
from demo.days import HOUR, midnight
from demo.drops import DropFile
from demo.spec import CitySpec
from demo.table import compare
from tests.demo.conftest import OPENED


@pytest.fixture(scope="module")
def budgets() -> Budgets:
    """The budgets of a small city on its opening day."""
    return Budgets(CitySpec(citizens=5000, seed=11, opened=OPENED), OPENED)


def _leaves(budgets: Budgets) -> list[dict[str, Any]]:
    [table] = anggaran_tables(budgets)
    rows = pa.concat_tables(table.chunks()).to_pylist()
    sums = set(table.dirt["subtotal"].tolist())
    return [row for row, number in zip(rows, table.ids.tolist(), strict=True) if number not in sums]


def test_undivided_lines_are_the_whole_budget(budgets: Budgets) -> None:
    totals: dict[str, int] = defaultdict(int)
    for row in _leaves(budgets):
        totals[row["_file"]] += row["Pagu (Rp)"]
    this_year = totals[f"APBD_{OPENED.year}.xlsx"]
    # Lines are budgeted in whole thousands.
    assert this_year == pytest.approx(RUPIAH_A_CITIZEN * 5000, abs=1000 * 500)
    for year in budgets.years:
        heads = [int(budgets.figures(year, place).budget[0]) for place in range(len(OFFICES))]
        assert sum(heads) == totals[f"APBD_{year}.xlsx"]


def test_nobody_spends_more_than_the_budget(budgets: Budgets) -> None:
    for row in _leaves(budgets):
        months = [row[f"Realisasi {month}"] for month in MONTHS]
        filled = [amount for amount in months if amount is not None]
        assert all(amount >= 0 for amount in filled)
        assert sum(filled) == row["Jumlah"] <= row["Pagu (Rp)"]
        assert len(filled) == (12 if "2025" in row["_file"] else 5)


def test_roads_are_paid_less_while_the_budget_is_revised(budgets: Budgets) -> None:
    place = next(n for n, office in enumerate(OFFICES) if office.department == "dpupr")
    lines, _ = office_lines()[place]
    [road] = [n for n, line in enumerate(lines) if line.code == "1.03.10"]
    spent = budgets.figures(2025, place).spent[road]
    june, july, august, october = (int(spent[month]) for month in (5, 6, 7, 9))
    assert max(july, august) < 0.6 * min(june, october)


def test_a_workbook_is_sent_on_the_fifth_for_the_month_before() -> None:
    def on(day: date) -> dict[int, tuple[int, date]]:
        budgets = Budgets(CitySpec(citizens=500, seed=11, opened=OPENED), day)
        return {year: (budgets.months(year), budgets.sent_of(year)) for year in budgets.years}

    final = (12, date(2026, 1, 5))
    assert on(date(2026, 6, 5)) == {2025: final, 2026: (4, date(2026, 5, 5))}
    assert on(date(2026, 6, 6)) == {2025: final, 2026: (5, date(2026, 6, 5))}
    assert on(date(2027, 1, 5)) == {2025: final, 2026: (11, date(2026, 12, 5))}
    last = date(2027, 1, 5)
    assert on(date(2027, 1, 6)) == {2025: final, 2026: (12, last), 2027: (0, last)}


def test_what_a_month_changes_is_marked_as_changed() -> None:
    spec = CitySpec(citizens=500, seed=11, opened=OPENED)
    days = [date(2026, 9, 6), date(2026, 9, 30), date(2026, 10, 6), date(2027, 1, 6)]
    [*states] = [anggaran_tables(Budgets(spec, day))[0] for day in days]
    rows = [{r["baris"]: r for r in pa.concat_tables(t.chunks()).to_pylist()} for t in states]
    assert rows[0] == rows[1]
    for before, after, old, new in zip(states, states[1:], rows, rows[1:], strict=False):
        change = compare(before, after)
        assert not len(change.deleted)
        touched = after.render(np.concatenate([change.inserted, change.changed])).to_pylist()
        assert new == old | {row["baris"]: row for row in touched}
    # The revision of October changes budgets, and only then.
    assert any(rows[1][key]["Pagu (Rp)"] != rows[2][key]["Pagu (Rp)"] for key in rows[1])


def test_workbooks_are_the_same_bytes_and_change_when_sent(budgets: Budgets) -> None:
    def this_years(day: date) -> DropFile:
        return list(anggaran_files(Budgets(budgets.spec, day)))[-1]

    today, tomorrow = this_years(OPENED), this_years(date(2026, 6, 11))
    assert today.path == "APBD_2026.xlsx"
    assert today.modified == tomorrow.modified == midnight(date(2026, 6, 5)) + 10 * HOUR
    assert today.content() == tomorrow.content()
    assert this_years(date(2026, 7, 6)).modified > today.modified
