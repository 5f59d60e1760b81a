"""Siap Kerja's tables as its SQLite file holds them, dirt included."""

from dataclasses import replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.days import DAY, NEVER, clock_text, year
from demo.dice import Bools, Ints
from demo.job_applications import OPEN, RESULTS, Applications
from demo.job_seekers import Seekers
from demo.job_texts import day_text, moment_day_text, names_amount, spelling, wage_text, word
from demo.job_vacancies import Vacancies
from demo.job_words import (
    FIRM_FIRST,
    FIRM_KIND_WEIGHTS,
    FIRM_KINDS,
    FIRM_SECOND,
    SCHOOLING,
    SCHOOLING_WEIGHTS,
    SECTORS,
    SKILLS,
)
from demo.names import email_names
from demo.population import Population
from demo.registration import Habits, Registration
from demo.table import Table
from demo.two_hands import TwoHands

HABITS = Habits(
    nik_missing=0.02,
    nik_swapped=0.01,
    nik_digit=0.008,
    nik_is_head=0.003,
    name_typo=0.02,
    name_short=0.08,
    name_title=0.01,
    name_married=0.01,
    name_order=0.004,
    birth_swapped=0.006,
    birth_year=0.004,
    birth_first=0.002,
    phone_missing=0.02,
    phone_old=0.12,
    sex_wrong=0.006,
    capitals=0.25,
)
"""People register themselves, on a phone or at a terminal in the hall."""

HABITS_AGAIN = replace(
    HABITS,
    nik_missing=0.15,
    nik_swapped=0.12,
    nik_digit=0.14,
    nik_is_head=0.06,
    name_typo=0.2,
    name_short=0.2,
    birth_swapped=0.02,
    birth_year=0.02,
)
"""The form refuses a NIK that is known, most of the time: who has lost the password registers again
with a number that is a little different, or with none."""

_SECOND_PHONE = 8
"""Who registers again and gives another number has one that no other app knows."""

_NULL = pa.scalar(None, pa.string())
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./"
_STATUSES = (("Aktif", "aktif", "AKTIF"), ("Sudah Bekerja", "sudah bekerja"), ("Tidak Aktif",))
_RESULTS = (RESULTS, tuple(text.capitalize() for text in RESULTS))


def siapkerja_tables(seekers: Seekers, vacancies: Vacancies) -> list[Table]:
    """All tables of Siap Kerja as they are this morning, parents before children."""
    applications = Applications(seekers, vacancies)
    return [
        _vacancy_table(vacancies),
        _seeker_table(applications),
        _application_table(applications),
        _placement_table(applications),
    ]


def _places(population: Population) -> Registration:
    return Registration(population, "siapkerja/lowongan", Habits())


def _text_openings(v: Vacancies, at: Ints) -> Bools:
    return v.population.dice.chance("vacancy/openings-text", at, 0.04)


def _vacancy_table(v: Vacancies) -> Table:
    dice = v.population.dice
    return Table(
        "lowongan",
        "id",
        v.ids + 1,
        (v.switched_off < v.now).astype(np.int64),
        partial(_vacancy_rows, v),
        dirt={
            "openings_as_text": v.ids[_text_openings(v, v.ids)] + 1,
            "wage_without_amount": v.ids[~names_amount(dice, "vacancy", v.ids)] + 1,
            "no_closing_day": v.ids[v.closes == NEVER] + 1,
        },
        homes=v.kelurahan,
    )


def _firm_names(v: Vacancies, at: Ints) -> pa.Array:
    """The firm's two words are its own; what stands in front depends on who typed it."""
    kind = v.population.dice.choice("vacancy/firm-kind", at, FIRM_KIND_WEIGHTS)
    firm = v.firm[at]
    name = pc.binary_join_element_wise(
        pa.array(FIRM_KINDS).take(pa.array(kind)),
        pa.array(FIRM_FIRST).take(pa.array(firm % len(FIRM_FIRST))),
        pa.array(FIRM_SECOND).take(pa.array(firm // len(FIRM_FIRST))),
        " ",
    )
    capitals = v.population.dice.chance("vacancy/capitals", at, 0.2)
    return pc.if_else(pa.array(capitals), pc.utf8_upper(name), name)


def _vacancy_rows(v: Vacancies, at: Ints) -> pa.Table:
    dice = v.population.dice
    sector = v.sector[at]
    openings = pa.array(v.openings[at]).cast(pa.string())
    openings = pc.if_else(
        pa.array(_text_openings(v, at)), pc.binary_join_element_wise(openings, " org", ""), openings
    )
    off = v.switched_off[at] < v.now
    code = pc.binary_join_element_wise(
        "LK",
        pa.array(year(v.opened[at])).cast(pa.string()),
        pa.array(at + 1).cast(pa.string()),
        ".",
    )
    return pa.table(
        {
            "id": at + 1,
            "kode": code,
            "perusahaan": _firm_names(v, at),
            "sektor": pa.array([s.name for s in SECTORS]).take(pa.array(sector)),
            "jabatan": spelling(dice, "vacancy/job", at, sector, [s.jobs for s in SECTORS]),
            "jml_lowongan": openings,
            "upah": wage_text(dice, "vacancy", at, v.wage[at]),
            "kecamatan": _places(v.population).place(at + 1, v.kelurahan[at], "kecamatan"),
            "tgl_buka": moment_day_text(dice, "vacancy/opened", at, v.opened[at]),
            "tgl_tutup": moment_day_text(
                dice, "vacancy/closes", at, np.where(v.closes == NEVER, NEVER, v.closes - DAY)[at],
                "s/d terpenuhi",
            ),
            "aktif": pc.if_else(pa.array(off), "T", "Y"),
            "updated_at": clock_text(v.updated[at]),
        }
    )  # fmt: skip


def _seeker_events(a: Applications) -> tuple[Ints, Ints, Ints]:
    """For each registration: its status (0 active, 1 works, 2 lapsed), how often its row changed,
    and when last."""
    s = a.seekers
    works = a.seeker_placed < s.now
    lapses = (s.lapsed < s.now) & (s.lapsed < a.seeker_placed)
    changed = np.where(lapses, np.maximum(s.registered, s.lapsed), s.registered)
    changed = np.where(works, np.maximum(changed, a.seeker_placed), changed)
    return np.where(works, 1, np.where(lapses, 2, 0)), works.astype(np.int64) + lapses, changed


def _seeker_table(a: Applications) -> Table:
    s = a.seekers
    wrote = TwoHands(
        Registration(s.population, "siapkerja", HABITS),
        Registration(s.population, "siapkerja", HABITS_AGAIN),
        ~s.is_first,
        s.person,
    )
    _, revisions, _ = _seeker_events(a)
    return Table(
        "pencari_kerja",
        "id",
        s.ids + 1,
        revisions,
        partial(_seeker_rows, a, wrote),
        dirt={
            **wrote.errors(),
            "registered_again": s.ids[~s.is_first] + 1,
        },
        people=s.person,
        homes=s.population.kelurahan[s.person],
    )


def _seeker_rows(a: Applications, wrote: TwoHands, at: Ints) -> pa.Table:
    s, population, dice = a.seekers, a.seekers.population, a.seekers.population.dice
    people = s.person[at]
    again = ~s.is_first[at]
    schooling = dice.choice("person/schooling", people, SCHOOLING_WEIGHTS)
    status, _, changed = _seeker_events(a)
    other_phone = ~s.is_first & dice.chance("seeker/other-phone", s.ids, 0.6)
    card = pc.binary_join_element_wise(
        "3671",
        pc.strftime(pa.array((s.registered[at] // DAY).astype("datetime64[D]")), "%m%Y"),
        pc.utf8_lpad(pa.array(at + 1).cast(pa.string()), 7, "0"),
        "/",
    )
    secret = dice.text("seeker/password", at, 32)
    return pa.table(
        {
            "id": at + 1,
            "no_ak1": card,
            "nik": wrote.nik(at),
            "nama": wrote.name(at),
            "tgl_lahir": day_text(dice, "seeker/born", at, wrote.birth_day(at)),
            "jk": pc.if_else(pa.array(wrote.is_woman(at)), "P", "L"),
            "telp": wrote.phone(at, np.where(other_phone, _SECOND_PHONE, 0)),
            "email": _emails(population, at, people, again),
            "password": secret,
            "kelurahan": wrote.most.place(at + 1, population.kelurahan[people], "kelurahan"),
            "pendidikan": spelling(dice, "seeker/schooling", at, schooling, SCHOOLING),
            "keahlian": _skills(population, at),
            "disabilitas": pc.if_else(
                pa.array(dice.chance("person/disability", people, 0.015)), "Y", "T"
            ),
            "tgl_daftar": moment_day_text(dice, "seeker/day", at, s.registered[at]),
            "status": spelling(dice, "seeker/status", at, status[at], _STATUSES),
            "updated_at": clock_text(changed[at]),
        }
    )


def _emails(population: Population, at: Ints, people: Ints, again: Bools) -> pa.Array:
    """E-mail addresses; who registers again takes another, since the first is taken."""
    first = population.emails(people)
    number = pa.array(population.dice.below("seeker/mail", at, 90_000) + 10_000).cast(pa.string())
    local = pc.binary_join_element_wise(email_names(population.names(people)), number, "_")
    second = pc.binary_join_element_wise(local, "gmail.com", "@")
    return pc.if_else(pa.array(again), second, first)


def _skills(population: Population, at: Ints) -> pa.Array:
    """Up to three, with commas between."""
    dice = population.dice
    parts = [word(dice, f"seeker/skill/{n}", at, SKILLS) for n in range(3)]
    for n, part in enumerate(parts[1:], start=1):
        more = pa.array(dice.chance(f"seeker/skill/{n}?", at, 0.5))
        parts[n] = pc.if_else(more, part, _NULL)
    return pc.binary_join_element_wise(*parts, ", ", null_handling="skip")


def _application_table(a: Applications) -> Table:
    rows = a.happened
    return Table(
        "lamaran",
        "id",
        a.number[rows],
        (_answered(a, rows)).astype(np.int64),
        lambda at: _application_rows(a, rows[at]),
        people=a.seekers.person[a.seeker[rows]],
    )


def _answered(a: Applications, rows: Ints) -> Bools:
    answered: Bools = (a.decided[rows] < a.seekers.now) & (a.outcome[rows] != OPEN)
    return answered


def _application_rows(a: Applications, rows: Ints) -> pa.Table:
    dice = a.seekers.population.dice
    chances, answered = a.chances[rows], _answered(a, rows)
    outcome = np.where(answered, a.outcome[rows], OPEN)
    seeker = pa.array(a.seeker[rows] + 1).cast(pa.string())
    padded = pa.array(dice.chance("application/padded", chances, 0.03))
    style = pa.array(dice.choice("application/style", chances, (8, 2)))
    results = [pa.array(words).take(pa.array(outcome)) for words in _RESULTS]
    return pa.table(
        {
            "id": a.number[rows],
            "pencari_id": pc.if_else(padded, pc.utf8_lpad(seeker, 8, "0"), seeker),
            "lowongan_id": a.vacancy[rows] + 1,
            "tgl_lamar": moment_day_text(dice, "application/day", chances, a.made[rows]),
            "hasil": pc.choose(style, *results),
            "updated_at": clock_text(np.where(answered, a.decided[rows], a.made[rows])),
        }
    )


def _placement_table(a: Applications) -> Table:
    rows = a.placements
    homes = a.vacancies.kelurahan[a.vacancy[rows]]
    return Table(
        "penempatan",
        "id",
        np.arange(len(rows)) + 1,
        np.zeros(len(rows), dtype=np.int64),
        lambda at: _placement_rows(a, at),
        people=a.seekers.person[a.seeker[rows]],
        homes=homes,
    )


def _placement_rows(a: Applications, at: Ints) -> pa.Table:
    dice = a.seekers.population.dice
    rows = a.placements[at]
    chances, vacancy = a.chances[rows], a.vacancy[rows]
    # What is paid in the end, in the same steps as what was offered.
    more = dice.below("placement/more", chances, 7) - 2
    wage = np.maximum(a.vacancies.wage[vacancy] + more * 50_000, 1_000_000)
    local = dice.chance("placement/local", chances, 0.85)
    return pa.table(
        {
            "id": at + 1,
            "lamaran_id": a.number[rows],
            "pencari_id": a.seeker[rows] + 1,
            "lowongan_id": vacancy + 1,
            "tgl_mulai": moment_day_text(dice, "placement/day", chances, a.started[rows]),
            "upah": wage_text(dice, "placement", chances, wage),
            "dalam_kota": pc.if_else(pa.array(local), "Y", "T"),
            "dibuat": clock_text(a.placed[rows]),
        }
    )
