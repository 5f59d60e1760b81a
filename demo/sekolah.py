"""The schools' lists of pupils and the department's list of schools, as tables and as files."""

from collections.abc import Iterator
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.civil_status import birth_places
from demo.days import DAY, HOUR, day_number
from demo.dice import Floats, Ints
from demo.drops import DropFile
from demo.registration import Habits, Registration
from demo.school_workbook import PupilSheet, pupil_workbook, school_workbook
from demo.schools import LEVELS, Schools, nisn, school_year
from demo.table import Table

PUPIL_HABITS = Habits(
    nik_missing=0.1, nik_swapped=0.015, nik_digit=0.02, nik_is_head=0.02, name_typo=0.05,
    name_short=0.06, name_order=0.01, birth_swapped=0.01, birth_year=0.015, birth_first=0.01,
    sex_wrong=0.01, capitals=0.6,
)  # fmt: skip
"""A teacher copies them from forms that parents filled in by hand."""
PARENT_HABITS = Habits(
    nik_missing=0.3, nik_swapped=0.02, nik_digit=0.02, name_typo=0.07, name_short=0.12,
    name_title=0.1, phone_missing=0.2, phone_old=0.12, capitals=0.5,
)  # fmt: skip

_RECAP = "rekap_sekolah.xlsx"


def sekolah_tables(schools: Schools) -> list[Table]:
    """All rows of all files in the folder: the schools, and the pupils of each level.

    A pupil who moved may be on two lists for a month. Ids are twice the citizen's position, plus
    one at the school that they came to: there, somebody types everything anew.
    """
    rows, population = schools.lists, schools.population
    ids = np.arange(len(schools.group))
    tables = [
        Table(
            "sekolah",
            "NPSN",
            ids,
            ids * 0,
            partial(_school_rows, schools),
            partial(_npsn_text, schools),
            homes=schools.kelurahan,
        )
    ]
    pupils = Registration(population, "sekolah/siswa", PUPIL_HABITS)
    parents = Registration(population, "sekolah/wali", PARENT_HABITS)
    for level, name in enumerate(LEVELS):
        at = np.flatnonzero(schools.group[rows.school] % 2 == level)
        person, entry = rows.person[at], rows.person[at] * 2 + rows.is_later[at]
        tables.append(
            Table(
                f"siswa_{name.lower()}",
                "NISN",
                entry,
                rows.school[at] * 1000 + rows.grade[at] * 10 + rows.letter[at],
                partial(_pupil_rows, schools, pupils, parents, at),
                lambda ids: nisn(population, ids // 2),
                dirt=pupils.errors(entry, person) | {"stale": entry[rows.is_stale[at]]},
                people=person,
                homes=population.kelurahan[person],
                beside={"wali": population.head[person]},
            )
        )
    return tables


def sekolah_files(schools: Schools) -> Iterator[DropFile]:
    """Every workbook in the folder: one for each kecamatan and level, and one of all schools."""
    recap, *levels = sekolah_tables(schools)
    rows = schools.lists
    sent = _recap_sent(schools.today)
    yield DropFile(_RECAP, sent, lambda: school_workbook(recap.render(recap.ids), sent))
    for level, (name, table) in enumerate(zip(LEVELS, levels, strict=True)):
        at = np.flatnonzero(schools.group[rows.school] % 2 == level)
        for place, kecamatan in enumerate(schools.population.areas.kecamatan_names):
            group = place * 2 + level
            yield DropFile(
                f"{name.lower()}/siswa_{name.lower()}_{kecamatan.lower().replace(' ', '_')}.xlsx",
                schools.sent_moment(group),
                partial(_workbook, schools, group, table, rows.school[at]),
            )


def _workbook(schools: Schools, group: int, table: Table, school: Ints) -> bytes:
    level = LEVELS[group % 2]
    kecamatan = schools.population.areas.kecamatan_names[group // 2]
    heads = schools.population.shuffled_adults("school/head")
    sheets = []
    for each in np.flatnonzero(schools.group == group).tolist():
        head = heads[[each % len(heads)]]
        sheets.append(
            PupilSheet(
                number=each,
                name=schools.names[each],
                npsn=int(schools.npsn[each]),
                head=schools.population.names(head).to_pylist()[0],
                rows=table.render(np.flatnonzero(school == each)),
            )
        )
    return pupil_workbook(level, kecamatan, schools.sent_moment(group), sheets)


def _pupil_rows(
    schools: Schools, pupils: Registration, parents: Registration, listed: Ints, at: Ints
) -> pa.Table:
    """What a school knows, before it is typed into a workbook in that school's way."""
    rows, population = schools.lists, schools.population
    at = listed[at]
    person, school, grade = rows.person[at], rows.school[at], rows.grade[at]
    entry, parent = person * 2 + rows.is_later[at], population.head[person]
    letters = pa.array([chr(ord("A") + n) for n in range(8)]).take(pa.array(rows.letter[at]))
    return pa.table(
        {
            "sekolah": pa.array(schools.names).take(pa.array(school)),
            "NISN": nisn(population, person),
            "NIK": pupils.nik(entry, person),
            "NAMA SISWA": pupils.name(entry, person),
            "perempuan": pupils.is_woman(entry, person),
            "tempat": pc.utf8_title(birth_places(population, person)),
            "lahir": pupils.birth_day(entry, person),
            "KELAS": pc.binary_join_element_wise(pa.array(grade).cast(pa.string()), letters, ""),
            "wali": parents.name(entry, parent),
            "nik_wali": parents.nik(entry, parent),
            "NO HP": parents.phone(entry, parent),
            "alamat": population.addresses(person),
            "KELURAHAN": pupils.place(entry, population.kelurahan[person], "kelurahan"),
        }
    )


def _school_rows(schools: Schools, at: Ints) -> pa.Table:
    areas, dice = schools.population.areas, schools.population.dice
    kelurahan = schools.kelurahan[at]
    # The list of schools spells out what the schools' own sheets abbreviate.
    name = pa.array(schools.names).take(pa.array(at))
    spelt_out = pa.array(dice.chance("school/spelt-out", at, 0.5))
    name = pc.if_else(
        spelt_out,
        pc.utf8_upper(pc.replace_substring_regex(name, "^(SD|SMP)N ", r"\1 Negeri ")),
        name,
    )
    level = schools.group[at] % 2
    near = [(dice.uniform(f"school/{axis}", at) - 0.5) * 0.006 for axis in ("y", "x")]
    return pa.table(
        {
            "NPSN": _npsn_text(schools, at),
            "NAMA SEKOLAH": name,
            "JENJANG": pa.array(LEVELS).take(pa.array(level)),
            "STATUS": pc.if_else(pa.array(schools.is_private[at]), "S", "N"),
            "KELURAHAN": Registration(schools.population, "sekolah/sekolah", Habits()).place(
                at, kelurahan, "kelurahan"
            ),
            "LINTANG": _comma(areas.latitude[kelurahan] + near[0]),
            "BUJUR": _comma(areas.longitude[kelurahan] + near[1]),
        }
    )


def _npsn_text(schools: Schools, at: Ints) -> pa.Array:
    return pa.array(schools.npsn[at]).cast(pa.string())


def _comma(degrees: Floats) -> pa.Array:
    return pa.array([f"{each:.6f}".replace(".", ",") for each in degrees.tolist()])


def _recap_sent(today: date) -> int:
    """The department sends its list once a school year, on 20 July."""
    year = school_year(day_number(today) - 20)
    return day_number(date(year, 7, 20)) * DAY + 13 * HOUR
