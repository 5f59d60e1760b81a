"""e-Puskesmas' tables as its database holds them, dirt included."""

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.clinics import Clinics
from demo.days import DAY, clock_text
from demo.dice import Ints
from demo.diseases import DISEASES, diagnose
from demo.registration import Habits, Registration
from demo.table import Table
from demo.vaccinations import VACCINES, Vaccinations
from demo.visits import Visits

CARD_HABITS = Habits(
    nik_missing=0.08, nik_swapped=0.012, nik_digit=0.012, nik_is_head=0.03, name_typo=0.04,
    name_short=0.06, name_title=0.03, name_married=0.03, name_order=0.01, birth_swapped=0.01,
    birth_year=0.02, birth_first=0.03, phone_missing=0.15, phone_old=0.1, sex_wrong=0.005,
    capitals=0.7,
)  # fmt: skip
"""The counter copies what a patient in a hurry shows or says."""
CHILD_HABITS = Habits(
    nik_missing=0.28, nik_swapped=0.01, nik_digit=0.01, nik_is_head=0.08, name_typo=0.07,
    name_short=0.08, birth_swapped=0.015, birth_year=0.01, birth_first=0.005, sex_wrong=0.01,
    capitals=0.5,
)  # fmt: skip
"""Volunteers write it on paper at the posyandu; many newborns have no NIK yet."""

_NULL = pa.scalar(None, pa.string())
_PAYMENTS = ("BPJS-PBI", "BPJS", "BPJS Non PBI", "UMUM", "Umum", "JAMKESDA", "GRATIS")
_PAYMENT_WEIGHTS = (38, 14, 16, 18, 3, 6, 5)
_NO_CODE = 0.01
_NO_DOT = 0.03
_SMALL = 0.02
_NICKNAMES = ("By. Ny. ", "BY NY ")


def epuskesmas_tables(visits: Visits, vaccinations: Vaccinations) -> list[Table]:
    """All tables of e-Puskesmas as they are this morning, parents before children."""
    population = visits.population
    cards = Registration(population, "epuskesmas", CARD_HABITS)
    children = Registration(population, "epuskesmas/child", CHILD_HABITS)
    people, patients = visits.patient_person, np.arange(len(visits.patient_person))
    came = visits.person[visits.kept]
    given = np.arange(len(vaccinations.child))
    return [
        _clinic_table(visits.clinics),
        Table(
            "pasien",
            "id",
            patients + 1,
            visits.patient_changes[0],
            partial(_patient_rows, visits, cards),
            dirt=_numbered(cards.errors(patients, people)),
            people=people,
            homes=population.kelurahan[people],
        ),
        Table(
            "kunjungan",
            "id",
            visits.kept + 1,
            (visits.coded[visits.kept] < visits.now).astype(np.int64),
            partial(_visit_rows, visits),
            dirt={"by_mistake": visits.kept[visits.is_mistake[visits.kept]] + 1},
            people=came,
            homes=population.kelurahan[came],
        ),
        Table(
            "imunisasi",
            "id",
            given + 1,
            given * 0,
            partial(_vaccination_rows, visits.clinics, vaccinations, children),
            dirt=_numbered(children.errors(given, vaccinations.child)),
            people=vaccinations.child,
            homes=population.kelurahan[vaccinations.child],
        ),
    ]


def _numbered(errors: dict[str, Ints]) -> dict[str, Ints]:
    """Entries are counted from 0, ids from 1."""
    return {kind: entries + 1 for kind, entries in errors.items()}


def _clinic_table(clinics: Clinics) -> Table:
    areas, ids = clinics.areas, np.arange(len(clinics.codes))
    kecamatan = areas.kecamatan_of[clinics.kelurahan]
    rows = pa.table(
        {
            "id": ids + 1,
            "kode": clinics.codes,
            "nama": _join("Puskesmas ", clinics.names),
            "kd_kec": pa.array(areas.kecamatan_bps).take(pa.array(kecamatan)),
            "alamat": _join("Kel. ", clinics.names, ", Kota Tangerang"),
        }
    )
    return Table(
        "puskesmas", "id", ids + 1, ids * 0, lambda at: rows.take(at), homes=clinics.kelurahan
    )


def _patient_rows(visits: Visits, cards: Registration, at: Ints) -> pa.Table:
    population, dice = visits.population, visits.population.dice
    people = visits.patient_person[at]
    changes, changed = visits.patient_changes
    created = visits.patient_created[at]
    digits = pc.utf8_lpad(pa.array(visits.patient_number[at]).cast(pa.string()), 6, "0")
    number = pc.replace_substring_regex(digits, r"(\d\d)(\d\d)(\d+)", r"\1-\2-\3")
    insured = dice.chance("bpjs/any", people, 0.75) & ~dice.chance("patient/no-bpjs", at, 0.1)
    insurance = _join("000", dice.text("bpjs/digits", people, 10, "0123456789"))
    return pa.table(
        {
            "id": at + 1,
            "puskesmas_id": visits.patient_clinic[at] + 1,
            "no_rm": number,
            "nik": cards.nik(at, people),
            "nama": cards.name(at, people),
            "tgl_lahir": _day_text(cards.birth_day(at, people)),
            "jk": pc.if_else(pa.array(cards.is_woman(at, people)), "2", "1"),
            "no_telp": cards.phone(at, people, changes[at]),
            "no_bpjs": pc.if_else(pa.array(insured), insurance, _NULL),
            "kelurahan": cards.place(at, population.kelurahan[people], "kelurahan"),
            "tgl_input": clock_text(created),
            "tgl_update": clock_text(np.maximum(created, changed[at])),
        }
    )


def _visit_rows(visits: Visits, positions: Ints) -> pa.Table:
    population, dice = visits.population, visits.population.dice
    at = visits.kept[positions]
    moment, coded = visits.moment[at], visits.coded[at]
    is_coded = coded < visits.now
    disease = diagnose(population, at, visits.person[at], moment)
    referred = (
        dice.uniform("visit/referred", at) < np.array([d.referred for d in DISEASES])[disease]
    )
    poli = pa.array([each.poli for each in DISEASES]).take(pa.array(disease))
    typed = dice.below("visit/poli", visits.patient_clinic[visits.patient[at]], 3)
    poli = pc.choose(pa.array(typed), poli, _join("Poli ", pc.utf8_title(poli)), _join("BP ", poli))
    payment = dice.choice("visit/payment", at, _PAYMENT_WEIGHTS)
    shown = pa.array(is_coded & ~dice.chance("visit/no-code", at, _NO_CODE))
    return pa.table(
        {
            "id": at + 1,
            "pasien_id": visits.patient[at] + 1,
            "puskesmas_id": visits.patient_clinic[visits.patient[at]] + 1,
            "tgl_kunjungan": _day_text(moment // DAY),
            "poli": poli,
            "keluhan": pa.array([each.complaint for each in DISEASES]).take(pa.array(disease)),
            "icd10": pc.if_else(shown, _typed_codes(visits, at, disease), _NULL),
            "cara_bayar": pa.array(_PAYMENTS).take(pa.array(payment)),
            "rujuk": pc.if_else(
                pa.array(is_coded), pc.if_else(pa.array(referred), "Y", "T"), _NULL
            ),
            "tgl_input": clock_text(moment),
            "tgl_update": clock_text(np.where(is_coded, coded, moment)),
        }
    )


def _typed_codes(visits: Visits, at: Ints, disease: Ints) -> pa.Array:
    """Codes as coders type them: now and then without the dot, or in small letters."""
    dice = visits.population.dice
    code = pa.array([each.code for each in DISEASES]).take(pa.array(disease))
    no_dot = pa.array(dice.chance("visit/code/no-dot", at, _NO_DOT))
    code = pc.if_else(no_dot, pc.replace_substring(code, ".", ""), code)
    small = pa.array(dice.chance("visit/code/small", at, _SMALL))
    return pc.if_else(small, pc.utf8_lower(code), code)


def _vaccination_rows(
    clinics: Clinics, vaccinations: Vaccinations, children: Registration, at: Ints
) -> pa.Table:
    population, dice = vaccinations.population, vaccinations.population.dice
    child, moment = vaccinations.child[at], vaccinations.moment[at]
    mother = population.families.mother[child]
    mothers_name = children.name(at, np.maximum(mother, 0))
    has_mother = pa.array(mother >= 0)
    # A newborn without a name yet goes under the mother's: "By. Ny. Siti".
    unnamed = (moment // DAY - population.birth_day[child] < 40) & (mother >= 0)
    unnamed &= dice.chance("vaccine/unnamed", at, 0.5)
    style = pa.array(_NICKNAMES).take(pa.array(dice.below("vaccine/nickname", at, 2)))
    home = population.kelurahan[child]
    return pa.table(
        {
            "id": at + 1,
            "puskesmas_id": clinics.nearest[home] + 1,
            "nik_anak": children.nik(at, child),
            "nama_anak": pc.if_else(
                pa.array(unnamed), _join(style, mothers_name), children.name(at, child)
            ),
            "tgl_lahir": _day_text(children.birth_day(at, child)),
            "jk": pc.if_else(pa.array(children.is_woman(at, child)), "2", "1"),
            "nama_ibu": pc.if_else(has_mother, mothers_name, _NULL),
            "kelurahan": children.place(at, home, "kelurahan"),
            "vaksin": pa.array([name for name, _ in VACCINES]).take(
                pa.array(vaccinations.vaccine[at])
            ),
            "tgl_imunisasi": _day_text(moment // DAY),
            "tgl_input": clock_text(moment),
        }
    )


def _day_text(days: Ints) -> pa.Array:
    return pa.array(days.astype("datetime64[D]")).cast(pa.string())


def _join(*parts: str | pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")
