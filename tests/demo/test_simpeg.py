"""SIMPEG: numbers as BKN makes them, careers without gaps, and what a day changes."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from demo.areas import load_areas
from demo.civil_servants import SHARE_OF_ADULTS, CivilServants
from demo.population import Population
from demo.simpeg import simpeg_tables
from demo.spec import CitySpec
from demo.table import Table, compare

SPEC = CitySpec(citizens=40_000, seed=7, opened=date(2026, 6, 10))


def servants_on(day: date, spec: CitySpec = SPEC) -> CivilServants:
    return CivilServants(Population(spec, load_areas()), day)


def tables_of(servants: CivilServants) -> dict[str, Table]:
    return {table.name: table for table in simpeg_tables(servants)}


def rows_of(table: Table) -> pa.Table:
    return pa.concat_tables(table.chunks())


@pytest.fixture(scope="module")
def servants() -> CivilServants:
    return servants_on(SPEC.opened)


@pytest.fixture(scope="module")
def tables(servants: CivilServants) -> dict[str, Table]:
    return tables_of(servants)


def test_the_same_spec_makes_the_same_rows(tables: dict[str, Table]) -> None:
    for name, again in tables_of(servants_on(SPEC.opened)).items():
        assert rows_of(again).equals(rows_of(tables[name])), name


def test_most_employees_are_citizens_each_once(
    servants: CivilServants, tables: dict[str, Table]
) -> None:
    people = tables["pegawai"].people
    assert people is not None
    citizens = people[people >= 0]
    assert len(np.unique(citizens)) == len(citizens)
    assert len(people) / len(servants.population.adults) == pytest.approx(SHARE_OF_ADULTS, rel=0.15)
    assert 0.75 < len(citizens) / len(people) < 0.95
    outside = servants.neighbours.nik[servants.people[servants.is_outside]]
    assert not np.isin(outside, servants.population.nik).any()
    assert len(np.unique(outside)) == len(outside)


def test_a_number_says_birth_appointment_and_sex(
    servants: CivilServants, tables: dict[str, Table]
) -> None:
    born = servants.birth_day.astype("datetime64[D]")
    rows = rows_of(tables["pegawai"]).to_pylist()
    numbers = [row["nip"] for row in rows if row["nip"]]
    assert len(numbers) == len(set(numbers))
    for at, row in enumerate(rows):
        honorary = row["status"] in ("HONORER", "Honor", "THL")
        assert (row["nip"] is None) == honorary
        if honorary:
            continue
        assert len(row["nip"]) == 18
        assert row["nip"][:8] == str(born[at]).replace("-", "")
        assert row["nip"][8:12] == row["tmt"][:4]
        is_pppk = row["status"] in ("PPPK", "P3K")
        assert row["nip"][12:14] == ("21" if is_pppk else row["tmt"][5:7])
        assert row["nip"][14] == "12"[int(servants.is_woman[at])]


def test_a_career_is_a_chain_of_posts_of_which_one_is_open(tables: dict[str, Table]) -> None:
    careers: dict[int, list[dict[str, str]]] = {}
    for row in rows_of(tables["jabatan_riwayat"]).to_pylist():
        careers.setdefault(row["pegawai_id"], []).append(row)
    employees = {row["id"]: row for row in rows_of(tables["pegawai"]).to_pylist()}
    assert set(careers) == set(employees)
    seen = set()
    for id, posts in careers.items():
        posts.sort(key=lambda post: post["tmt_mulai"])
        for post, following in pairwise(posts):
            day_after = date.fromisoformat(post["tmt_selesai"]) + timedelta(days=1)
            assert f"{day_after}" == following["tmt_mulai"]
        is_open = posts[-1]["tmt_selesai"] in ("0000-00-00", "9999-12-31")
        assert is_open == (employees[id]["aktif"] == "Y")
        assert posts[-1]["unit_kode"] == employees[id]["unit_kode"]
        seen.add(posts[-1]["tmt_selesai"])
    assert {"0000-00-00", "9999-12-31"} < seen


def test_units_are_a_tree_and_references_exist(tables: dict[str, Table]) -> None:
    units = rows_of(tables["unit_kerja"]).to_pylist()
    codes = [unit["kode"] for unit in units]
    assert len(codes) == len(set(codes))
    for at, unit in enumerate(units):
        is_top = unit["kode_induk"] in ("", "-")
        assert is_top == (unit["tingkat"] == 1)
        assert is_top or unit["kode_induk"] in codes[:at]
    for name in ("pegawai", "jabatan_riwayat", "absensi_bulanan"):
        assert set(rows_of(tables[name])["unit_kode"].to_pylist()) <= set(codes), name
    assert (tables["unit_kerja"].homes >= 0).sum() == len(load_areas().kelurahan_names)


def test_attendance_adds_up(tables: dict[str, Table]) -> None:
    rows = rows_of(tables["absensi_bulanan"]).to_pylist()
    assert rows
    for row in rows:
        days = sum(row[name] for name in ("hadir", "izin", "sakit", "cuti", "alpa"))
        assert days == row["jml_pegawai"] * row["hari_kerja"]
        assert min(row[name] for name in ("hadir", "izin", "sakit", "cuti", "alpa")) >= 0
    assert {(row["thn"], row["bln"]) for row in rows} >= {(2025, 12), (2026, 5)}


def test_mangled_and_titled_names_are_where_the_truth_says() -> None:
    large = SPEC.model_copy(update={"citizens": 200_000})  # few names have signs
    table = tables_of(servants_on(SPEC.opened, large))["pegawai"]
    rows = {row["id"]: row for row in rows_of(table).to_pylist()}
    mangled = {id for id, row in rows.items() if "Ã" in row["nama"] or "â€" in row["nama"]}
    assert mangled and mangled == set(table.dirt["mangled_name"].tolist())
    inside = {id for id, row in rows.items() if "," in row["nama"]}
    assert inside and inside <= set(table.dirt["titles_in_name"].tolist())
    assert all("," not in row["nama"] for row in rows.values() if row["gelar_belakang"])
    for row in rows.values():
        row["nama"].encode("cp1252")  # MariaDB's latin1


def test_what_did_not_change_stays_the_same_and_the_rest_shows_in_the_cursor(
    servants: CivilServants, tables: dict[str, Table]
) -> None:
    later = SPEC.opened + timedelta(days=60)
    news = 0
    for name, after in tables_of(servants_on(later)).items():
        before = tables[name]
        change = compare(before, after)
        assert not len(change.deleted), name
        key = before.key
        expected = {row[key]: row for row in rows_of(before).to_pylist()}
        touched = after.render(np.concatenate([change.inserted, change.changed])).to_pylist()
        expected |= {row[key]: row for row in touched}
        assert {row[key]: row for row in rows_of(after).to_pylist()} == expected, name
        assert all(f"{SPEC.opened}" <= row["diubah"] < f"{later}" for row in touched), name
        if name != "unit_kerja":
            assert len(change.inserted) and len(change.changed), name
            news += len(touched)
    assert news < len(servants.ids) * 3


def test_a_tiny_city_has_the_app_too() -> None:
    tiny = servants_on(SPEC.opened, SPEC.model_copy(update={"citizens": 100}))
    assert len(rows_of(tables_of(tiny)["pegawai"])) >= 20
