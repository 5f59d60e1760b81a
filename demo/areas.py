"""The city's areas, read from the seed of the warehouse so that the facts are written once."""

import csv
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from demo.dice import Floats, Ints

SEED_FILE = Path(__file__).resolve().parent.parent / "dbt_project" / "seeds" / "seed_areas.csv"

# Rough population in thousands: enough for realistic weights, not a statistic.
_PEOPLE_THOUSANDS = {
    "36.71.01": 155,
    "36.71.02": 105,
    "36.71.03": 95,
    "36.71.04": 84,
    "36.71.05": 250,
    "36.71.06": 165,
    "36.71.07": 185,
    "36.71.08": 142,
    "36.71.09": 150,
    "36.71.10": 118,
    "36.71.11": 188,
    "36.71.12": 122,
    "36.71.13": 150,
}


@dataclass(frozen=True)
class Areas:
    """Kecamatan and kelurahan by position; a kelurahan knows the position of its kecamatan."""

    kecamatan_codes: list[str]
    kecamatan_names: list[str]
    kecamatan_bps: list[str]
    kelurahan_codes: list[str]
    kelurahan_names: list[str]
    kecamatan_of: Ints
    latitude: Floats
    longitude: Floats

    @cached_property
    def weights(self) -> Floats:
        """Relative population of each kelurahan."""
        people = np.array([_PEOPLE_THOUSANDS[code] for code in self.kecamatan_codes], dtype=float)
        weights: Floats = (people / np.bincount(self.kecamatan_of))[self.kecamatan_of]
        return weights

    def kecamatan_name(self, kelurahan: Ints) -> pa.Array:
        """The official name of the kecamatan of each kelurahan position."""
        return pa.array(self.kecamatan_names).take(pa.array(self.kecamatan_of[kelurahan]))

    def kelurahan_name(self, kelurahan: Ints) -> pa.Array:
        """The official name of each kelurahan position."""
        return pa.array(self.kelurahan_names).take(pa.array(kelurahan))


@lru_cache(maxsize=1)
def load_areas(seed_file: Path = SEED_FILE) -> Areas:
    """The areas in the seed. Raises ``OSError`` or ``KeyError`` if it is not that seed."""
    with seed_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kecamatan = [row for row in rows if row["area_level"] == "kecamatan"]
    kelurahan = [row for row in rows if row["area_level"] == "kelurahan"]
    position = {row["area_code_kemendagri"]: n for n, row in enumerate(kecamatan)}
    return Areas(
        kecamatan_codes=[row["area_code_kemendagri"] for row in kecamatan],
        kecamatan_names=[row["area_name"] for row in kecamatan],
        kecamatan_bps=[row["area_code_bps"] for row in kecamatan],
        kelurahan_codes=[row["area_code_kemendagri"] for row in kelurahan],
        kelurahan_names=[row["area_name"] for row in kelurahan],
        kecamatan_of=np.array([position[row["kecamatan_code"]] for row in kelurahan]),
        latitude=np.array([float(row["latitude"]) for row in kelurahan]),
        longitude=np.array([float(row["longitude"]) for row in kelurahan]),
    )
