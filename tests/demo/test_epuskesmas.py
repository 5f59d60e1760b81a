"""The clinics: who comes, with what, when; and what a day changes."""

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from demo.areas import load_areas
from demo.clinics import CLINICS, Clinics
from demo.epuskesmas import epuskesmas_tables
from demo.population import Population
from demo.spec import CitySpec
from demo.table import Table, compare
from demo.vaccinations import Vaccinations
from demo.visits import Visits

OPENED = date(2026, 6, 10)


@pytest.fixture(scope="module")
def population() -> Population:
    return Population(CitySpec(citizens=20_000, seed=7, opened=OPENED), load_areas())


def tables_on(population: Population, day: date) -> dict[str, Table]:
    visits = Visits(population, Clinics(population.areas), day)
    tables = epuskesmas_tables(visits, Vaccinations(population, day))
    return {table.name: table for table in tables}


@pytest.fixture(scope="module")
def tables(population: Population) -> dict[str, Table]:
    return tables_on(population, OPENED)


def rows_of(table: Table) -> pa.Table:
    return pa.concat_tables(table.chunks())


def test_clinics_stand_in_every_kecamatan(tables: dict[str, Table]) -> None:
    clinics = rows_of(tables["puskesmas"])
    assert clinics.num_rows == CLINICS == len(set(clinics["kode"].to_pylist()))
    assert len(set(clinics["kd_kec"].to_pylist())) == 13


def test_visits_are_as_frequent_as_the_city_says(tables: dict[str, Table]) -> None:
    visits = tables["kunjungan"]
    a_year = len(visits.ids) / 548 * 365.25
    assert 0.55 < a_year / 20_000 < 0.8  # 1.5 visits of 45 % of the citizens
    days = [
        row.weekday()
        for row in map(date.fromisoformat, rows_of(visits)["tgl_kunjungan"].to_pylist())
    ]
    count = Counter(days)
    assert count[0] > 1.3 * count[4] and count[6] < 0.15 * count[0]


def test_dengue_comes_with_the_rain(tables: dict[str, Table]) -> None:
    rows = rows_of(tables["kunjungan"]).to_pylist()
    dengue = [row for row in rows if (row["icd10"] or "").upper().startswith(("A90", "A91"))]
    months = Counter(row["tgl_kunjungan"][5:7] for row in dengue)
    years = Counter(row["tgl_kunjungan"][:7] for row in rows)
    seen = Counter(month[5:] for month in years)
    wet = sum(months[m] / seen[m] for m in ("01", "02", "03"))
    dry = sum(months[m] / seen[m] for m in ("07", "08", "09"))
    assert wet > 3 * dry


def test_the_same_person_is_often_a_patient_of_two_clinics(tables: dict[str, Table]) -> None:
    patients = tables["pasien"]
    people = patients.people
    assert people is not None
    clinics: dict[int, set[int]] = {}
    numbers = set()
    for person, row in zip(people.tolist(), rows_of(patients).to_pylist(), strict=True):
        clinics.setdefault(person, set()).add(row["puskesmas_id"])
        numbers.add((row["puskesmas_id"], row["no_rm"]))
    assert len(numbers) == len(people)
    share = np.mean([len(each) > 1 for each in clinics.values()])
    assert 0.04 < share < 0.2
    missing = rows_of(patients)["nik"].null_count / len(people)
    assert 0.06 < missing < 0.1


def test_visits_refer_to_patients_of_the_same_clinic(tables: dict[str, Table]) -> None:
    clinic = {r["id"]: r["puskesmas_id"] for r in rows_of(tables["pasien"]).to_pylist()}
    for visit in rows_of(tables["kunjungan"]).to_pylist():
        assert clinic[visit["pasien_id"]] == visit["puskesmas_id"]


def test_a_vaccine_is_given_to_a_living_child_after_it_is_due(
    population: Population, tables: dict[str, Table]
) -> None:
    table = tables["imunisasi"]
    assert table.people is not None
    days = rows_of(table)["tgl_imunisasi"].to_pylist()
    given = np.array(days, dtype="datetime64[D]").astype(np.int64)
    age = given - population.birth_day[table.people]
    assert (age >= 1).all() and (age < 800).all()


def test_a_day_changes_only_what_it_should(
    population: Population, tables: dict[str, Table]
) -> None:
    later = tables_on(population, OPENED + timedelta(days=8))
    deleted = 0
    for name, before in tables.items():
        after, change = later[name], compare(before, later[name])
        expected = {row["id"]: row for row in rows_of(before).to_pylist()}
        for key in before.keys(change.deleted):
            del expected[key]
        touched = after.render(np.concatenate([change.inserted, change.changed])).to_pylist()
        expected |= {row["id"]: row for row in touched}
        assert {row["id"]: row for row in rows_of(after).to_pylist()} == expected, name
        deleted += len(change.deleted)
        if name in ("pasien", "kunjungan"):
            assert len(change.inserted) and len(change.changed), name
            moments = [row["tgl_update"] for row in touched]
            assert min(moments) >= OPENED.isoformat(), name
    assert len(compare(tables["imunisasi"], later["imunisasi"]).inserted)
    assert deleted
