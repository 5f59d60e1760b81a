"""The tax office's own list of kelurahan: neither BPS's codes nor Kemendagri's.

It was drawn up when the city had six kecamatan and was never renumbered: kelurahan of the younger
seven still stand under the one they came from. Only the name tells which place a code means.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from demo.areas import Areas
from demo.dice import Ints

# Code and name of the six, and which of today's kecamatan (Kemendagri) each one became.
_OLD_KECAMATAN = (
    ("010", "TANGERANG", ("36.71.01", "36.71.07")),
    ("020", "JATIUWUNG", ("36.71.02", "36.71.08", "36.71.09")),
    ("030", "BATU CEPER", ("36.71.03", "36.71.10")),
    ("040", "BENDA", ("36.71.04",)),
    ("050", "CIPONDOH", ("36.71.05", "36.71.11")),
    ("060", "CILEDUG", ("36.71.06", "36.71.12", "36.71.13")),
)
# As the list has them; the names of the others are official ones in capitals.
_LISTED = {
    "Keroncong": "KRONCONG",
    "Poris Gaga": "PORISGAGA",
    "Poris Gaga Baru": "PORIS GAGA BR",
    "Poris Plawad Utara": "PORIS PLAWAD UTR",
    "Neroktog": "NEROGTOG",
    "Pakojan": "PEKOJAN",
    "Padurenan": "PEDURENAN",
    "Kreo": "KEREO",
    "Kreo Selatan": "KEREO SELATAN",
    "Belendung": "BLENDUNG",
    "Selapajang Jaya": "SELAPANJANG JAYA",
    "Gerendeng": "GRENDENG",
    "Panunggangan Utara": "PANUNGGANGAN UTR.",
    "Sukarasa": "SUKARASA ",
    "Marga Sari": "MARGASARI",
    "Uwung Jaya": "UWUNGJAYA",
}
UNKNOWN_CODE = "000000"
"""What the counter enters for an object whose kelurahan it did not look up."""

_MORE = ((UNKNOWN_CODE, "BELUM TERDATA", "-"), ("070001", "KAMPUNG MELAYU", "TELUKNAGA"))
"""Rows that mean no kelurahan of this city: an entry for "not known", and a neighbour's."""


@dataclass(frozen=True)
class TaxAreas:
    """The list, and the code of each kelurahan by its position."""

    areas: Areas

    @cached_property
    def codes(self) -> list[str]:
        """For each kelurahan, three digits of the old kecamatan and three by the alphabet."""
        codes = [""] * len(self.areas.kelurahan_names)
        for kecamatan, _, became in _OLD_KECAMATAN:
            positions = [
                position
                for position, parent in enumerate(self.areas.kecamatan_of)
                if self.areas.kecamatan_codes[parent] in became
            ]
            positions.sort(key=lambda position: self.areas.kelurahan_names[position])
            for number, position in enumerate(positions, start=1):
                codes[position] = f"{kecamatan}{number:03d}"
        return codes

    @cached_property
    def numbers(self) -> Ints:
        """The codes as numbers."""
        return np.array([int(code) for code in self.codes])

    @cached_property
    def rows(self) -> list[tuple[str, str, str]]:
        """The list itself: code, kelurahan and kecamatan, by code."""
        kecamatan = {code: name for code, name, _ in _OLD_KECAMATAN}
        known = [
            (code, _LISTED.get(name, name.upper()), kecamatan[code[:3]])
            for code, name in zip(self.codes, self.areas.kelurahan_names, strict=True)
        ]
        return sorted([*known, *_MORE])
