"""The schools' workbooks: everybody is in them, and a month changes only some lists."""

import io
from datetime import date, timedelta

import numpy as np
import openpyxl
import pytest

from demo.areas import load_areas
from demo.population import Population
from demo.schools import Schools
from demo.sekolah import sekolah_files, sekolah_tables
from demo.spec import CitySpec
from demo.table import Table, compare

OPENED = date(2026, 6, 10)
LATER = date(2026, 7, 15)


@pytest.fixture(scope="module")
def population() -> Population:
    return Population(CitySpec(citizens=6000, seed=7, opened=OPENED), load_areas())


@pytest.fixture(scope="module")
def schools(population: Population) -> Schools:
    return Schools(population, OPENED)


def pupils(schools: Schools) -> list[Table]:
    return sekolah_tables(schools)[1:]


def test_most_children_of_school_age_are_on_one_list(schools: Schools) -> None:
    people = schools.population
    years = (np.datetime64("2025-07-01").astype(np.int64) - people.birth_day) // 365.25
    of_age = set(np.flatnonzero((years >= 7) & (years <= 15)).tolist())
    listed = [
        person
        for table in pupils(schools)
        if table.people is not None
        for person in table.people.tolist()
    ]
    assert set(listed) <= of_age
    assert len(set(listed)) > 0.9 * len(of_age)
    for day in (OPENED, LATER, date(2026, 9, 5)):
        tables = pupils(Schools(people, day))
        for table in tables:
            assert len(set(table.ids.tolist())) == len(table.ids), day
            fresh = np.setdiff1d(table.ids, table.dirt["stale"])
            assert len(set((fresh // 2).tolist())) >= len(fresh) - 3, day


def test_the_same_day_gives_the_same_bytes_and_the_next_month_other_ones(
    population: Population,
) -> None:
    files = {f.path: f for f in sekolah_files(Schools(population, OPENED))}
    again = {f.path: f for f in sekolah_files(Schools(population, OPENED))}
    for path in ("rekap_sekolah.xlsx", "sd/siswa_sd_ciledug.xlsx", "smp/siswa_smp_benda.xlsx"):
        assert files[path].content() == again[path].content(), path
    later = {f.path: f for f in sekolah_files(Schools(population, LATER))}
    assert files.keys() == later.keys()
    for path in ("sd/siswa_sd_ciledug.xlsx", "smp/siswa_smp_benda.xlsx"):
        assert files[path].modified < later[path].modified
        assert files[path].content() != later[path].content()
    assert files["rekap_sekolah.xlsx"].content() == later["rekap_sekolah.xlsx"].content()


def test_between_two_months_few_pupils_move_and_in_july_all_rise(population: Population) -> None:
    def lists(day: date) -> list[Table]:
        return pupils(Schools(population, day))

    def touched(before: date, after: date) -> float:
        changes = [compare(a, b) for a, b in zip(lists(before), lists(after), strict=True)]
        count = sum(len(c.inserted) + len(c.changed) + len(c.deleted) for c in changes)
        return count / sum(len(table.ids) for table in lists(before))

    assert touched(OPENED, OPENED + timedelta(days=1)) < 0.01
    assert 0 < touched(date(2026, 9, 12), date(2026, 10, 12)) < 0.05
    assert touched(date(2026, 6, 12), date(2026, 7, 12)) > 0.95


def test_no_file_is_from_the_future(population: Population) -> None:
    for day in (OPENED, date(2027, 1, 1), date(2027, 3, 3), date(2026, 7, 21)):
        now = (day - date(1970, 1, 1)).days * 86_400
        for file in sekolah_files(Schools(population, day)):
            assert file.modified < now, (day, file.path)


def test_schools_number_and_merge_in_their_own_way(population: Population) -> None:
    seen = set()
    for file in sekolah_files(Schools(population, OPENED)):
        book = openpyxl.load_workbook(io.BytesIO(file.content()))
        for sheet in book.worksheets:
            cells = {cell.value for row in sheet.iter_rows() for cell in row}
            seen |= {name for name in ("(1)", "TANGGAL LAHIR", "ORANG TUA / WALI") if name in cells}
            tall = [r for r in sheet.merged_cells.ranges if r.max_row > r.min_row + 1]
            seen |= {"tall"} if tall else set()
            seen |= {"title"} if sheet["A1"].value else set()
    assert seen == {"(1)", "TANGGAL LAHIR", "ORANG TUA / WALI", "tall", "title"}
