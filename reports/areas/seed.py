"""The city's kelurahan as the warehouse's own seed lists them."""

import csv
from dataclasses import dataclass
from pathlib import Path

SEED = Path("dbt_project") / "seeds" / "seed_areas.csv"


@dataclass(frozen=True)
class Kelurahan:
    """One kelurahan: its Kemendagri code, name, kecamatan, and about its middle (WGS 84)."""

    code: str
    name: str
    kecamatan_code: str
    kecamatan_name: str
    latitude: float
    longitude: float


def read_kelurahan(root: Path) -> list[Kelurahan]:
    """All kelurahan of the seed under ``root``, by code."""
    with (root / SEED).open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["area_level"] == "kelurahan"]
    return sorted(
        (
            Kelurahan(
                row["area_code_kemendagri"],
                row["area_name"],
                row["kecamatan_code"],
                row["kecamatan_name"],
                float(row["latitude"]),
                float(row["longitude"]),
            )
            for row in rows
        ),
        key=lambda area: area.code,
    )
