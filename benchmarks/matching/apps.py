"""Eight apps that meet the same citizens, each with its own reach and its own habits."""

from dataclasses import dataclass

import numpy as np

from demo.dice import Ints
from demo.population import Population
from demo.registration import Habits

SCHOOL_YEARS = (6, 18)


@dataclass(frozen=True)
class App:
    """Whom an app meets and what it writes down of them."""

    name: str
    share: float
    """Of those it could meet."""
    habits: Habits
    who: str = "adults"
    """``all``, ``adults``, ``pupils`` or ``parents``."""
    again: float = 0.0
    """How many are entered a second time."""
    has_nik: bool = True
    has_name: bool = True
    has_birth_date: bool = True
    has_sex: bool = True
    has_phone: bool = True


_NAMES = {"name_typo": 0.012, "name_short": 0.02, "name_title": 0.02, "name_married": 0.01}
_DATES = {"birth_swapped": 0.01, "birth_year": 0.005, "birth_first": 0.01}

APPS = (
    App(
        "siak",
        0.98,
        Habits(nik_swapped=0.0005, nik_digit=0.0005, name_typo=0.003, birth_swapped=0.001),
        who="all",
        has_phone=False,
    ),
    App(
        "epuskesmas",
        0.35,
        Habits(
            nik_missing=0.08, nik_swapped=0.005, nik_digit=0.005, nik_is_head=0.01,
            phone_missing=0.2, phone_old=0.05, sex_wrong=0.003, name_order=0.003, capitals=0.4,
            **_NAMES, **_DATES,
        ),
        who="all",
        again=0.05,
    ),
    App(
        "sekolah",
        0.8,
        Habits(
            nik_missing=0.1, nik_swapped=0.005, nik_is_head=0.03, name_typo=0.01,
            birth_swapped=0.01, birth_year=0.005,
        ),
        who="pupils",
        has_phone=False,
    ),
    App(
        "sekolah_wali",
        0.8,
        Habits(phone_missing=0.05, phone_old=0.05, name_typo=0.01, name_short=0.03),
        who="parents",
        has_nik=False,
        has_birth_date=False,
        has_sex=False,
    ),
    App(
        "siapkerja",
        0.15,
        Habits(
            nik_swapped=0.01, nik_digit=0.01, nik_missing=0.01, phone_missing=0.02,
            phone_old=0.05, sex_wrong=0.002, name_order=0.003, **_NAMES, **_DATES,
        ),
    ),
    App(
        "pbb",
        0.2,
        Habits(
            nik_missing=0.4, nik_swapped=0.005, nik_digit=0.005, phone_missing=0.5,
            name_order=0.005, capitals=1.0, **_NAMES,
        ),
        has_birth_date=False,
        has_sex=False,
    ),
    App(
        "laksa",
        0.1,
        Habits(nik_missing=0.005, nik_swapped=0.003, phone_old=0.03, **_NAMES),
        has_birth_date=False,
        has_sex=False,
    ),
    App(
        "darurat112",
        0.05,
        Habits(phone_old=0.05),
        has_nik=False,
        has_name=False,
        has_birth_date=False,
        has_sex=False,
    ),
)  # fmt: skip


def people_of(app: App, population: Population) -> Ints:
    """Positions of the citizens an app mentions, one for each of its rows."""
    years = (population.birth_day.max() - population.birth_day) / 365.25
    pupils = (years >= SCHOOL_YEARS[0]) & (years < SCHOOL_YEARS[1])
    reach = {
        "all": population.citizens,
        "adults": population.adults,
        "pupils": np.flatnonzero(pupils),
        "parents": np.unique(population.head[pupils]),
    }[app.who]
    met = reach[population.dice.chance(f"matching/{app.name}", reach, app.share)]
    again = met[population.dice.chance(f"matching/{app.name}/again", met, app.again)]
    return np.concatenate([met, again])
