"""What people come to a clinic with: ICD-10 codes, who has them, when, and where they are sent."""

from dataclasses import dataclass

import numpy as np

from demo.days import month_index
from demo.dice import Bools, Dice, Floats, Ints
from demo.population import Population

DAYS_A_YEAR = 365.25
_FLAT = (1.0,) * 12
# January … December. Dengue follows the rain by a month; most rain falls from December to March.
_DENGUE = (2.6, 3.0, 2.6, 1.9, 1.1, 0.6, 0.4, 0.3, 0.3, 0.4, 0.8, 1.6)
_COUGH = (1.3, 1.3, 1.2, 1.0, 0.9, 0.8, 0.8, 0.8, 0.9, 1.0, 1.1, 1.3)
_FLOOD = (1.5, 1.6, 1.3, 1.0, 0.9, 0.8, 0.8, 0.9, 1.0, 1.0, 1.1, 1.3)


@dataclass(frozen=True)
class Disease:
    """One diagnosis. ``ages`` weigh people under 5, 15, 45, 60 years, and older ones."""

    code: str
    poli: str
    ages: tuple[float, float, float, float, float]
    complaint: str
    season: tuple[float, ...] = _FLAT
    referred: float = 0.02
    women_only: bool = False
    clusters: bool = False
    """Whether it is much more frequent in some kelurahan than in others."""


_HOT = (False, True)
"""For women and men, and in clusters."""

DISEASES = (
    Disease("J06.9", "UMUM", (30, 20, 11, 10, 9), "batuk pilek demam", _COUGH, 0.005),
    Disease("J00", "UMUM", (14, 9, 5, 4, 3), "pilek", _COUGH, 0.002),
    Disease("J18.9", "MTBS", (2.0, 0.4, 0.2, 0.3, 0.9), "sesak, batuk berdahak", _COUGH, 0.3),
    Disease("A09", "UMUM", (9, 5, 3, 2, 2), "mencret sejak kemarin", _FLOOD, 0.01),
    Disease("A90", "UMUM", (1.2, 2.2, 1.5, 0.8, 0.5), "demam naik turun", _DENGUE, 0.35, *_HOT),
    Disease("A91", "UMUM", (0.4, 0.8, 0.4, 0.2, 0.2), "demam bintik", _DENGUE, 0.95, *_HOT),
    Disease("A01.0", "UMUM", (0.6, 1.8, 1.6, 0.9, 0.5), "demam sore hari", _FLOOD, 0.08),
    Disease("A27.9", "UMUM", (0.02, 0.1, 0.2, 0.2, 0.1), "nyeri betis", _FLOOD, 0.6, *_HOT),
    Disease("A15.0", "TB", (0.1, 0.2, 1.2, 1.3, 1.2), "batuk lama", _FLAT, 0.15, *_HOT),
    Disease("B24", "UMUM", (0.01, 0.01, 0.25, 0.1, 0.02), "kontrol", _FLAT, 0.5),
    Disease("B01.9", "UMUM", (1.0, 1.4, 0.4, 0.1, 0.1), "bintik berair"),
    Disease("B86", "UMUM", (0.7, 1.8, 0.7, 0.3, 0.3), "gatal malam hari", _FLAT, 0.002, *_HOT),
    Disease("L30.9", "UMUM", (3, 3, 3, 3, 3), "gatal-gatal"),
    Disease("R50.9", "UMUM", (9, 5, 3, 2, 2), "demam", _COUGH, 0.02),
    Disease("R51", "UMUM", (0.2, 1.5, 5, 5, 4), "pusing"),
    Disease("K30", "UMUM", (0.2, 1.5, 6, 6, 5), "nyeri ulu hati"),
    Disease("K29.7", "UMUM", (0.1, 1, 5, 5, 4), "mual, perih lambung"),
    Disease("M79.1", "UMUM", (0.1, 0.5, 5, 9, 10), "pegal-pegal"),
    Disease("I10", "LANSIA", (0, 0, 4, 17, 26), "kontrol tensi", _FLAT, 0.05),
    Disease("E11.9", "LANSIA", (0, 0.05, 1.8, 9, 11), "kontrol gula", _FLAT, 0.09),
    Disease("E78.5", "LANSIA", (0, 0, 1, 4, 4), "kontrol kolesterol"),
    Disease("M17.9", "LANSIA", (0, 0, 0.4, 3, 7), "nyeri lutut"),
    Disease("K02.9", "GIGI", (1, 5, 4, 3, 2), "gigi berlubang"),
    Disease("K04.0", "GIGI", (0.3, 3, 4, 3, 1.5), "sakit gigi berdenyut"),
    Disease("Z34.9", "KIA", (0, 0, 13, 0, 0), "periksa hamil", _FLAT, 0.06, True),
    Disease("Z30.9", "KB", (0, 0, 11, 2, 0), "suntik KB", _FLAT, 0.002, True),
    Disease("O14.9", "KIA", (0, 0, 0.4, 0, 0), "hamil, tensi tinggi", _FLAT, 0.9, True),
    Disease("Z00.1", "MTBS", (7, 0, 0, 0, 0), "kontrol tumbuh kembang", _FLAT, 0.005),
    Disease("E44.0", "MTBS", (1.2, 0.2, 0, 0, 0), "berat badan tetap", _FLAT, 0.08, *_HOT),
    Disease("F41.9", "UMUM", (0, 0.1, 0.9, 0.6, 0.4), "susah tidur, cemas", _FLAT, 0.15),
    Disease("S61.9", "IGD", (0.6, 1.3, 1.5, 1, 0.6), "luka sayat"),
    Disease("Z76.8", "UMUM", (0.2, 1.2, 3.5, 2, 1), "surat keterangan sehat", _FLAT, 0.0),
)  # fmt: skip

_HOT_SHARE = 0.15
_HOT_FACTOR = 3.5


def diagnose(population: Population, visits: Ints, people: Ints, moments: Ints) -> Ints:
    """Positions in ``DISEASES``: by age, sex, month, and the kelurahan people live in."""
    years = (moments // 86_400 - population.birth_day[people]) / DAYS_A_YEAR
    age = np.searchsorted(np.array([5.0, 15.0, 45.0, 60.0]), years, side="right")
    month = month_index(moments)
    sex = population.women[people].astype(np.int64)
    hot = hot_kelurahan(population)[population.kelurahan[people]].astype(np.int64)
    group = ((age * 12 + month) * 2 + sex) * 2 + hot
    edges = _edges()
    total = edges[group, -1]
    drawn = population.dice.uniform("visit/disease", visits) * total
    disease: Ints = (edges[group] <= drawn[:, None]).sum(axis=1).astype(np.int64)
    return disease


def hot_kelurahan(population: Population) -> Bools:
    """Where diseases that cluster do so."""
    dice: Dice = population.dice
    everywhere = np.arange(len(population.areas.kelurahan_codes))
    return dice.chance("disease/hot", everywhere, _HOT_SHARE)


def _edges() -> Floats:
    """Running sums of weights, a row for each group of age, month, sex and hot area."""
    ages = np.array([disease.ages for disease in DISEASES]).T
    seasons = np.array([disease.season for disease in DISEASES]).T
    man = np.array([not disease.women_only for disease in DISEASES], dtype=float)
    hot = np.array([_HOT_FACTOR if disease.clusters else 1.0 for disease in DISEASES])
    sexes = np.stack([man, np.ones_like(man)])
    areas = np.stack([np.ones_like(hot), hot])
    weights = np.einsum("ad,md,sd,hd->amshd", ages, seasons, sexes, areas)
    return np.cumsum(weights.reshape(-1, len(DISEASES)), axis=1)
