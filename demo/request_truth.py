"""How many requests of citizens each app holds, as the unified warehouse has to count them."""

from collections.abc import Mapping

import numpy as np

from demo.calls import Calls
from demo.city import City
from demo.table import Table


def request_counts(city: City, complaints: int) -> Mapping[str, int]:
    """By app; ``complaints`` are those of LAKSA without spam."""
    siapkerja, perizinan = _tables(city, "siapkerja"), _tables(city, "perizinan")
    return {
        "laksa": complaints,
        "perizinan": len(perizinan["permohonan"].ids),
        "siak": _letters(city),
        "siapkerja": len(siapkerja["pencari_kerja"].ids) + len(siapkerja["lamaran"].ids),
        "darurat112": _calls_for_help(city),
    }


def _tables(city: City, app_id: str) -> dict[str, Table]:
    return {table.name: table for table in city.tables[app_id]}


def _letters(city: City) -> int:
    """One letter moves a whole household."""
    moves = _tables(city, "siak")["perpindahan"].ids
    letters = city.population.household[moves // 2] * 2 + moves % 2
    return len(np.unique(letters))


def _calls_for_help(city: City) -> int:
    """All calls but those that the file, corrected or not yet, calls ghosts."""
    calls: Calls = city.part(Calls)
    shown_otherwise = calls.will_be_fixed & ~calls.is_corrected
    return int((calls.is_present & ~(calls.is_ghost & ~shown_otherwise)).sum())
