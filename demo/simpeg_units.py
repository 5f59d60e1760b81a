"""SIMPEG's units: a tree of its own under every department, with codes found nowhere else."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from demo.areas import Areas
from demo.dice import Floats, Ints


@dataclass(frozen=True)
class Unit:
    """One node of the tree."""

    code: str
    parent: str
    """Empty at the top, and for some nodes a dash."""
    name: str
    level: int
    """1 department, 2 division or kelurahan, 3 section."""
    weight: float
    """How many people work right there, relative to others; 0 for what was abolished."""
    kelurahan: int = -1
    """The position of the kelurahan that the office is for; −1 for none."""


# As the personnel office spells them; some by a short name, one by an old one (perkimtan).
_DEPARTMENTS = (
    ("Sekretariat Daerah", 1.6),
    ("INSPEKTORAT", 0.5),
    ("Dinas Pendidikan", 1.0),
    ("Dinas Kesehatan", 1.0),
    ("DINAS PEKERJAAN UMUM DAN PENATAAN RUANG", 1.8),
    ("Dinas Perumahan dan Permukiman", 0.8),  # perkimtan
    ("Satuan Polisi Pamong Praja", 1.6),
    ("BPBD", 0.8),
    ("Dinas Sosial", 0.6),
    ("Dinas Ketenagakerjaan", 0.6),
    ("Dinas Lingkungan Hidup", 2.2),
    ("DISDUKCAPIL", 0.9),
    ("Dinas Perhubungan", 1.4),
    ("Dinas Kominfo", 0.7),
    ("Dinas Perindustrian dan Perdagangan", 0.9),
    ("DPMPTSP", 0.6),
    ("BKPSDM", 0.6),
    ("BPKAD", 0.9),
)
_EDUCATION, _HEALTH = 2, 3
_DIVISIONS = (
    ("Sekretariat", 0.25),
    ("Bidang Pelayanan", 0.3),
    ("Bidang Pengendalian & Evaluasi", 0.2),
    ("Bidang Sarana Prasarana", 0.25),
)
_SECTIONS = ("Sub Bag. Umum dan Kepegawaian", "Sub Bag. Keuangan", "Subbag Perencanaan")


@dataclass(frozen=True)
class Units:
    """All units by position; parents come before their children."""

    areas: Areas

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The whole tree."""
        found: list[Unit] = []
        for number, (name, size) in enumerate(_DEPARTMENTS, start=1):
            found += _department(number, name, size)
        for number, name in enumerate(self.areas.kecamatan_names):
            place = number + 1
            found.append(Unit(f"D03.9{place:02d}", "D03", f"UPT SD/SMP Kec. {name}", 2, 3.2))
            found.append(Unit(f"D04.9{place:02d}", "D04", f"Puskesmas {name}", 2, 1.8))
            found += self._kecamatan(number, name)
        return tuple(found)

    def _kecamatan(self, number: int, name: str) -> list[Unit]:
        code = f"C{number + 1:02d}"
        found = [Unit(code, "-", f"Kecamatan {name}", 1, 0.3)]
        villages = np.flatnonzero(self.areas.kecamatan_of == number).tolist()
        found += [
            Unit(f"{code}.{n:02d}", code, f"Kel. {self.areas.kelurahan_names[village]}", 2, 0.12,
                 village)
            for n, village in enumerate(villages, start=1)
        ]  # fmt: skip
        return found

    @cached_property
    def weights(self) -> Floats:
        """How many people work in each unit, relative to the others."""
        return np.array([unit.weight for unit in self.units])

    @cached_property
    def kelurahan(self) -> Ints:
        """The kelurahan position of each unit, −1 for none."""
        return np.array([unit.kelurahan for unit in self.units])

    @cached_property
    def codes(self) -> list[str]:
        """Each unit's code."""
        return [unit.code for unit in self.units]


def _department(number: int, name: str, size: float) -> list[Unit]:
    code = f"D{number:02d}"
    found = [Unit(code, "", name, 1, size * 0.05)]
    for n, (division, share) in enumerate(_DIVISIONS, start=1):
        found.append(Unit(f"{code}.{n}00", code, division, 2, size * share))
    for n, section in enumerate(_SECTIONS, start=1):
        found.append(Unit(f"{code}.1{n:02d}", f"{code}.100", section, 3, size * 0.1))
    # Sections of the fourth level were merged into divisions by Permenpan RB 25/2021.
    found.append(Unit(f"{code}.201", f"{code}.200", "Seksi Data (dihapus)", 3, 0.0))
    return found
