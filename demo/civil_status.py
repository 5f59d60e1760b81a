"""What the register knows of a citizen beside name and number, in its own words."""

import numpy as np
import pyarrow as pa

from demo.dice import Bools, Ints
from demo.families import Role
from demo.population import Population

_RELIGIONS = ("ISLAM", "KRISTEN", "KATOLIK", "BUDDHA", "HINDU", "KHONGHUCU")
_RELIGION_WEIGHTS = (860, 60, 40, 30, 5, 5)
_HOME = "TANGERANG"
# The regencies and cities of the foreign first registrations, by Kemendagri's code.
_BIRTH_PLACES = {
    3173: "JAKARTA BARAT", 3174: "JAKARTA SELATAN", 3175: "JAKARTA TIMUR", 3603: "TANGERANG",
    3604: "SERANG", 3674: "TANGERANG SELATAN", 3201: "BOGOR", 3275: "BEKASI", 3205: "GARUT",
    3302: "BANYUMAS", 3312: "WONOGIRI", 3404: "SLEMAN", 3510: "BANYUWANGI", 3578: "SURABAYA",
    1207: "DELI SERDANG", 1271: "MEDAN", 1371: "PADANG", 1671: "PALEMBANG",
    1801: "LAMPUNG SELATAN", 7311: "BARRU",
}  # fmt: skip
_MARITAL = ("BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI")
_NONE, _PUPIL, _HOUSEWORK, _RETIRED = 0, 1, 2, 3
_OCCUPATIONS = (
    "BELUM/TIDAK BEKERJA", "PELAJAR/MAHASISWA", "MENGURUS RUMAH TANGGA", "PENSIUNAN",
    "KARYAWAN SWASTA", "WIRASWASTA", "BURUH HARIAN LEPAS", "PEDAGANG", "PEGAWAI NEGERI SIPIL",
    "GURU", "SOPIR", "PERAWAT", "TUKANG JAHIT", "KARYAWAN BUMN",
)  # fmt: skip
_WORK_WEIGHTS = (34, 22, 15, 10, 5, 4, 4, 2, 2, 2)
_RELATIONS = ("KEPALA KELUARGA", "ISTRI", "ANAK", "ORANG TUA", "FAMILI LAIN")
_YEAR = 365.25


def _take(words: tuple[str, ...], positions: Ints) -> pa.Array:
    return pa.array(words).take(pa.array(positions))


def religions(population: Population, people: Ints) -> pa.Array:
    """One religion a household."""
    homes = population.household[people]
    return _take(_RELIGIONS, population.dice.choice("civil/religion", homes, _RELIGION_WEIGHTS))


def birth_places(population: Population, people: Ints) -> pa.Array:
    """The regency or city of first registration."""
    known = np.array(sorted(_BIRTH_PLACES))
    area = population.nik[people] // 10**12
    at = np.minimum(np.searchsorted(known, area), len(known) - 1)
    at = np.where(known[at] == area, at, len(known))
    return _take((*(_BIRTH_PLACES[code] for code in known.tolist()), _HOME), at)


def marital_statuses(population: Population, people: Ints, is_widowed: Bools) -> pa.Array:
    """Marital statuses; ``is_widowed``: husband or wife has died since the opening."""
    role = population.families.role[people]
    age = _ages(population, people)
    draw = population.dice.uniform("civil/marital", people)
    alone = np.where(draw < np.clip((age - 25) / 30, 0, 0.9), 2 + (draw * 997 % 1 < 0.5), 0)
    alone = np.where(role == Role.PARENT, 3, alone)
    alone = np.where((role == Role.CHILD) | (age < 19), 0, alone)
    status = np.where(population.spouse[people] >= 0, 1, alone)
    return _take(_MARITAL, np.where(is_widowed, 3, status))


def occupations(population: Population, people: Ints) -> pa.Array:
    """Occupations as on the family card at the opening."""
    age = _ages(population, people)
    draw = population.dice.uniform("civil/idle", people)
    work = 4 + population.dice.choice("civil/work", people, _WORK_WEIGHTS)
    work = np.where(draw < 0.06, _NONE, work)
    at_home = population.women[people] & (population.spouse[people] >= 0) & (draw < 0.5)
    work = np.where(at_home, _HOUSEWORK, work)
    work = np.where((age < 17) | ((age < 24) & (draw < 0.55)), _PUPIL, work)
    work = np.where(age < 6, _NONE, work)
    return _take(_OCCUPATIONS, np.where((age >= 60) & (draw < 0.6), _RETIRED, work))


def relations(population: Population, people: Ints) -> pa.Array:
    """What each is to the head of the family."""
    return _take(_RELATIONS, population.families.role[people])


def _ages(population: Population, people: Ints) -> Ints:
    """Years lived at the opening."""
    days = population.families.opened - population.birth_day[people]
    years: Ints = (days / _YEAR).astype(np.int64)
    return years
