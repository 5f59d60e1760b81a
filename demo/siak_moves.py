"""SIAK's letters of removal: a row a person and move."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo import siak_texts
from demo.days import NEVER
from demo.dice import Ints
from demo.moves import OUTSIDE, Home, Moves
from demo.siak_schema import MOVES
from demo.table import Table
from demo.vital_events import Deaths

_KINDS = ("ANTAR KECAMATAN", "DALAM SATU KECAMATAN", "DALAM SATU KELURAHAN", "KELUAR", "DATANG")
_REASONS = ("PEKERJAAN", "PENDIDIKAN", "KEAMANAN", "KESEHATAN", "PERUMAHAN", "KELUARGA", "LAINNYA")


def move_table(moves: Moves, before: int, since: int = 0) -> Table:
    """``perpindahan``: the moves of citizens since one day and before another (day numbers)."""
    population = moves.population
    household = population.household
    died = Deaths(population).day
    parts = []
    for after in (Home.OPENING, Home.LATER):
        day = (moves.earlier_day if after == Home.OPENING else moves.later_day)[household]
        moved = (day != NEVER) & (day >= since) & (day < before) & (died >= day)
        moved &= population.birth_day <= day
        parts.append(np.flatnonzero(moved) * 2 + (after == Home.LATER))
    ids = np.concatenate(parts)
    to = moves.kelurahan[ids % 2 + 1, household[ids // 2]]
    return Table(
        "perpindahan",
        "NO_PINDAH",
        ids,
        np.zeros_like(ids),
        lambda at: _rows(moves, ids[at]),
        key_text=lambda some: _keys(moves, some),
        people=ids // 2,
        homes=to,
    )


def _keys(moves: Moves, ids: Ints) -> pa.Array:
    """``NO_PINDAH/NIK``: one letter moves a whole household."""
    rows = _rows(moves, ids)
    return pc.binary_join_element_wise(rows["NO_PINDAH"], rows["NIK"], "/").combine_chunks()


def _rows(moves: Moves, ids: Ints) -> pa.Table:
    population, dice = moves.population, moves.population.dice
    people = ids // 2
    house, after = population.household[people], ids % 2 + 1
    letter = house * 2 + ids % 2
    day = np.where(after == Home.OPENING, moves.earlier_day[house], moves.later_day[house])
    old, new = moves.kelurahan[after - 1, house], moves.kelurahan[after, house]
    date = siak_texts.date_texts(day)
    number = pc.utf8_lpad(pa.array(letter).cast(pa.string()), 7, "0")
    # Typed into a spreadsheet once, where a mark before it keeps a long number whole.
    nik = pc.binary_join_element_wise("'", population.nik_text(people), "")
    return pa.table(
        [
            pc.binary_join_element_wise(
                "SKP", "3671", pc.replace_substring(date, "-", ""), number, "/"
            ),
            pc.if_else(
                pa.array(dice.chance("siak/mark", ids, 0.3)), nik, population.nik_text(people)
            ),
            pc.utf8_upper(population.names(people)),
            pa.array(_KINDS).take(pa.array(_kind(moves, old, new))),
            date,
            siak_texts.card_texts(moves.card[after - 1, house]),
            siak_texts.card_texts(moves.card[after, house]),
            siak_texts.place_codes(dice, population.areas, letter, old),
            siak_texts.place_codes(dice, population.areas, letter, new),
            pa.array(_REASONS).take(
                pa.array(dice.choice("siak/reason", letter, (30, 8, 2, 4, 30, 20, 6)))
            ),
        ],
        names=list(MOVES),
    )


def _kind(moves: Moves, old: Ints, new: Ints) -> Ints:
    kecamatan = moves.population.areas.kecamatan_of
    kind = (kecamatan[old] == kecamatan[new]).astype(np.int64) + (old == new)
    return np.where(old == OUTSIDE, 4, np.where(new == OUTSIDE, 3, kind))
