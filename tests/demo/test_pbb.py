"""The property tax office: its roll, bills and payments, and what a day does to them."""

import csv
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from demo.areas import load_areas
from demo.days import day_number, midnight
from demo.pbb import pbb_files, pbb_tables
from demo.pbb_areas import TaxAreas
from demo.pbb_bills import TaxBills, TaxPayments
from demo.pbb_objects import DECEASED, TaxObjects
from demo.population import Population
from demo.spec import CitySpec
from demo.table import Table, compare
from kota.settings import PROJECT_ROOT
from tests.demo.conftest import OPENED

AREA_CODES = PROJECT_ROOT / "dbt_project" / "seeds" / "seed_area_app_codes.csv"


@pytest.fixture(scope="module")
def population() -> Population:
    """Enough households that shares show."""
    return Population(CitySpec(citizens=12_000, seed=11, opened=OPENED), load_areas())


@pytest.fixture(scope="module")
def objects(population: Population) -> TaxObjects:
    """The roll on the opening day."""
    return TaxObjects(population, OPENED)


def _rows(table: Table) -> pa.Table:
    return pa.concat_tables(table.chunks())


def test_every_key_is_unique_and_every_bill_has_an_object(objects: TaxObjects) -> None:
    tables = {table.name: table for table in pbb_tables(objects)}
    rows = {name: _rows(table) for name, table in tables.items()}
    for name, table in tables.items():
        keys = rows[name][table.key].to_pylist()
        assert len(set(keys)) == len(keys), name
        assert table.keys(table.ids) == keys, name
    assert all(len(nop) == 18 for nop in rows["objek"]["NOP"].to_pylist())
    # Objects that left the roll keep their bills.
    every = {str(nop) for nop in objects.nop.tolist()}
    assert set(rows["sppt"]["NOP"].to_pylist()) <= every
    bills, paid = (
        set(zip(*(rows[name][key].to_pylist() for key in ("NOP", "THN_PAJAK")), strict=True))
        for name in ("sppt", "bayar")
    )
    assert paid <= bills
    assert set(rows["sppt"]["THN_PAJAK"].to_pylist()) == {"2024", "2025", "2026"}


def test_shares_are_those_of_a_tax_office(objects: TaxObjects) -> None:
    households = int(objects.population.household[-1]) + 1
    assert 0.5 < objects.is_live.sum() / households < 0.6
    roll = next(table for table in pbb_tables(objects) if table.name == "objek")
    rows = _rows(roll)
    niks = rows["NIK_WP"].to_pylist()
    assert 0.55 < sum(nik is not None for nik in niks) / len(niks) < 0.66
    assert 0.1 < (objects.holder == DECEASED).mean() < 0.2
    assert roll.people is not None
    # Who is a citizen has the NIK of that citizen, nearly always.
    named = [(nik, who) for nik, who in zip(niks, roll.people.tolist(), strict=True) if nik]
    own = objects.population.nik_text(np.array([who for _, who in named])).to_pylist()
    right = sum(nik == mine for (nik, _), mine in zip(named, own, strict=True)) / len(named)
    assert 0.93 < right < 1
    assert {"nik_missing", "name_title", "holder_deceased"} <= {
        kind for kind, wrong in roll.dirt.items() if len(wrong)
    }


def test_money_comes_before_the_due_date(objects: TaxObjects) -> None:
    bills = TaxBills(objects)
    payments = TaxPayments(bills)
    last_year = bills.tax_year[payments.bill] == OPENED.year - 1
    months = Counter(
        payments.day[last_year].astype("datetime64[D]").astype("datetime64[M]").astype(str)
    )
    assert months.most_common(1)[0][0] == f"{OPENED.year - 1}-08"
    assert (payments.fine > 0).any()
    assert ((payments.fine > 0) <= (payments.day > bills.due[payments.bill])).all()
    paid = np.bincount(payments.bill, weights=payments.amount, minlength=len(bills.ids))
    assert (paid[~payments.settled] < bills.amount[~payments.settled]).all()
    bayar = pbb_tables(objects)[3]
    assert all(len(bayar.dirt[kind]) for kind in ("paid_again", "paid_partly", "paid_above"))


def test_the_offices_codes_are_its_own(objects: TaxObjects) -> None:
    areas = TaxAreas(objects.population.areas)
    assert len(set(areas.codes)) == len(areas.codes) == 104
    listed = {code: kecamatan.replace(" ", "") for code, _, kecamatan in areas.rows}
    today = objects.population.areas.kecamatan_name(np.arange(104)).to_pylist()
    outdated = [
        code
        for code, name in zip(areas.codes, today, strict=True)
        if listed[code] != name.upper().replace(" ", "")
    ]
    assert 40 < len(outdated) < 70
    # The warehouse knows each by a table made by hand.
    with AREA_CODES.open(encoding="utf-8", newline="") as file:
        known = {row["app_code"]: row["area_code_kemendagri"] for row in csv.DictReader(file)}
    own = zip(areas.codes, objects.population.areas.kelurahan_codes, strict=True)
    assert dict(own).items() <= known.items()


def test_a_day_changes_only_what_it_should(population: Population, objects: TaxObjects) -> None:
    before = pbb_tables(objects)
    later = TaxObjects(population, OPENED + timedelta(days=40))
    for old, new in zip(before, pbb_tables(later), strict=True):
        change = compare(old, new)
        expected = {row[old.key]: row for row in _rows(old).to_pylist()}
        for key in old.keys(change.deleted):
            del expected[key]
        touched = new.render(np.concatenate([change.inserted, change.changed])).to_pylist()
        expected |= {row[new.key]: row for row in touched}
        assert {row[new.key]: row for row in _rows(new).to_pylist()} == expected, old.name
    earlier, now = TaxPayments(TaxBills(objects)), TaxPayments(TaxBills(later))
    # Payments are appended: what was in the file stays where it was.
    assert (now.ids[: len(earlier.ids)] == earlier.ids).all()
    assert len(now.ids) > len(earlier.ids)
    assert (now.day[len(earlier.ids) :] >= day_number(OPENED)).all()


def test_bills_of_a_new_year_come_with_february(population: Population) -> None:
    def years(day: date) -> set[int]:
        return set(TaxBills(TaxObjects(population, day)).tax_year.tolist())

    assert max(years(date(2027, 2, 1))) == 2026
    assert years(date(2027, 2, 2)) == {2024, 2025, 2026, 2027}


def test_files_are_the_same_bytes_and_written_in_the_night(objects: TaxObjects) -> None:
    again = TaxObjects(objects.population, OPENED)
    for one, two in zip(pbb_files(objects), pbb_files(again), strict=True):
        assert one.path == two.path and one.content() == two.content()
        assert midnight(OPENED) - 3600 < one.modified < midnight(OPENED)
