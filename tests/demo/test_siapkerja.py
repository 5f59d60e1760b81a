"""Siap Kerja: who is in it, what is wrong in it, and what a day changes."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from demo.areas import load_areas
from demo.job_seekers import SHARE_OF_ADULTS, Seekers
from demo.job_vacancies import Vacancies
from demo.population import Population
from demo.siapkerja import siapkerja_tables
from demo.spec import CitySpec
from demo.table import Table, compare

SPEC = CitySpec(citizens=40_000, seed=7, opened=date(2026, 6, 10))


def tables_on(day: date, spec: CitySpec = SPEC) -> dict[str, Table]:
    population = Population(spec, load_areas())
    tables = siapkerja_tables(Seekers(population, day), Vacancies(population, day))
    return {table.name: table for table in tables}


def rows_of(table: Table) -> pa.Table:
    return pa.concat_tables(table.chunks())


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return tables_on(SPEC.opened)


def test_the_same_spec_makes_the_same_rows(tables: dict[str, Table]) -> None:
    other = tables_on(SPEC.opened, SPEC.model_copy(update={"seed": 8}))
    for name, again in tables_on(SPEC.opened).items():
        assert rows_of(again).equals(rows_of(tables[name])), name
        assert not rows_of(other[name]).equals(rows_of(tables[name])), name


def test_about_one_adult_in_25_registered_and_some_twice(tables: dict[str, Table]) -> None:
    seekers = tables["pencari_kerja"]
    population = Population(SPEC, load_areas())
    share = len(np.unique(seekers.people)) / len(population.adults)
    assert share == pytest.approx(SHARE_OF_ADULTS, rel=0.2)
    again = len(seekers.ids) - len(np.unique(seekers.people))
    assert again == len(seekers.dirt["registered_again"])
    assert again / len(seekers.ids) == pytest.approx(0.05, abs=0.03)
    ages = (SPEC.opened - date(1970, 1, 1)).days - population.birth_day[seekers.people]
    assert ages.max() < 56 * 366


def test_who_registers_again_is_written_down_worse(tables: dict[str, Table]) -> None:
    again = tables["pencari_kerja"].dirt["registered_again"]
    wrong = np.unique(
        np.concatenate(
            [ids for kind, ids in tables["pencari_kerja"].dirt.items() if kind.startswith("nik_")]
        )
    )
    assert 0.25 < np.isin(again, wrong).mean() < 0.7
    assert len(wrong) / len(tables["pencari_kerja"].ids) < 0.1


def test_who_registers_again_has_another_email(tables: dict[str, Table]) -> None:
    seekers = tables["pencari_kerja"]
    emails = rows_of(seekers)["email"].to_pylist()
    known = [email for email in emails if email]
    assert len(known) == len(set(known))
    again = seekers.dirt["registered_again"] - 1
    assert all(emails[at] for at in again)


def test_references_exist_and_come_before(tables: dict[str, Table]) -> None:
    made = {row["id"]: row for row in rows_of(tables["lamaran"]).to_pylist()}
    seekers = set(rows_of(tables["pencari_kerja"])["id"].to_pylist())
    vacancies = {row["id"]: row for row in rows_of(tables["lowongan"]).to_pylist()}
    for row in made.values():
        assert int(row["pencari_id"]) in seekers
        assert row["lowongan_id"] in vacancies
    placed = rows_of(tables["penempatan"]).to_pylist()
    assert placed
    for row in placed:
        application = made[row["lamaran_id"]]
        assert int(application["pencari_id"]) == row["pencari_id"]
        assert application["hasil"].lower() == "diterima"
    assert len({row["pencari_id"] for row in placed}) == len(placed), "one takes one job"


def test_the_dirt_is_where_the_truth_says(tables: dict[str, Table]) -> None:
    rows = rows_of(tables["lowongan"]).to_pydict()
    dirt = tables["lowongan"].dirt
    as_text = {id for id, n in zip(rows["id"], rows["jml_lowongan"], strict=True) if "org" in n}
    unsaid = {
        id
        for id, wage in zip(rows["id"], rows["upah"], strict=True)
        if not any(c.isdigit() for c in wage or "")
    }
    assert as_text == set(dirt["openings_as_text"].tolist())
    assert unsaid == set(dirt["wage_without_amount"].tolist())
    assert {"Y", "T"} == set(rows["aktif"])
    people = rows_of(tables["pencari_kerja"]).to_pydict()
    missing = {id for id, nik in zip(people["id"], people["nik"], strict=True) if nik is None}
    assert missing == set(tables["pencari_kerja"].dirt["nik_missing"].tolist())
    assert {len(nik) for nik in people["nik"] if nik} == {16}


def test_what_did_not_change_stays_the_same(tables: dict[str, Table]) -> None:
    for name, after in tables_on(SPEC.opened + timedelta(days=9)).items():
        before = tables[name]
        change = compare(before, after)
        assert len(change.inserted), name
        assert not len(change.deleted), name
        expected = {row["id"]: row for row in rows_of(before).to_pylist()}
        touched = after.render(np.concatenate([change.inserted, change.changed])).to_pylist()
        expected |= {row["id"]: row for row in touched}
        assert {row["id"]: row for row in rows_of(after).to_pylist()} == expected, name


def test_every_change_shows_in_the_cursor(tables: dict[str, Table]) -> None:
    later = SPEC.opened + timedelta(days=9)
    for name, after in tables_on(later).items():
        cursor = "dibuat" if name == "penempatan" else "updated_at"
        change = compare(tables[name], after)
        touched = after.render(np.concatenate([change.inserted, change.changed]))
        moments = touched[cursor].to_pylist()
        assert all(f"{SPEC.opened}" <= moment < f"{later}" for moment in moments), name


def test_a_tiny_city_has_the_app_too() -> None:
    for table in tables_on(SPEC.opened, SPEC.model_copy(update={"citizens": 100})).values():
        assert sum(len(rows) for rows in table.chunks()) == len(table.ids)
