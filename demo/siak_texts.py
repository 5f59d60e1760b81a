"""How the register spells dates, sexes, RT/RW and area codes."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.areas import Areas
from demo.days import NEVER
from demo.dice import Bools, Dice, Ints
from demo.moves import OUTSIDE

# Places people come from and leave to: kelurahan in Jakarta, Banten and West Java.
_ELSEWHERE = (
    "3173061001", "3173051004", "3174071003", "3174101002", "3175031005", "3603142003",
    "3603281001", "3674011004", "3674061002", "3201132004", "3275041003", "3604022001",
)  # fmt: skip
_NO_TEXT = pa.scalar(None, pa.string())


def date_texts(day_numbers: Ints) -> pa.Array:
    """``dd-mm-yyyy``; null for ``NEVER``."""
    never = pa.array(day_numbers >= NEVER)
    days = pa.array(np.where(day_numbers >= NEVER, 0, day_numbers).astype("datetime64[D]"))
    return pc.if_else(never, _NO_TEXT, pc.strftime(days, "%d-%m-%Y"))


def birth_date_texts(dice: Dice, rows: Ints, day_numbers: Ints) -> pa.Array:
    """``dd-mm-yyyy``, of older entries ``dd/mm/yyyy``, and of very few zeros: not known."""
    plain = date_texts(day_numbers)
    style = dice.choice("siak/date", rows, (975, 23, 2))
    return pc.choose(pa.array(style), plain, pc.replace_substring(plain, "-", "/"), "00-00-0000")


def sex_texts(dice: Dice, rows: Ints, women: Bools) -> pa.Array:
    """``LAKI-LAKI`` and ``PEREMPUAN``; of entries of an older version, ``L`` and ``P``."""
    old = dice.chance("siak/sex", rows, 0.03)
    words = pa.array(("LAKI-LAKI", "PEREMPUAN", "L", "P"))
    return words.take(pa.array(women.astype(np.int64) + 2 * old))


def neighbourhood_texts(dice: Dice, rows: Ints, rt: Ints, rw: Ints) -> pa.Array:
    """RT and RW in one field, in the five ways its typists know; now and then none."""

    def number(values: Ints, width: int) -> pa.Array:
        return pc.utf8_lpad(pa.array(values).cast(pa.string()), width, "0")

    def written(before: str, width: int, between: str) -> pa.Array:
        parts = pc.binary_join_element_wise(number(rt, width), number(rw, width), between)
        return pc.binary_join_element_wise(before, parts, "")

    return pc.choose(
        pa.array(dice.choice("siak/rt", rows, (60, 15, 8, 8, 6, 2, 1))),
        written("", 3, "/"),
        written("RT ", 2, "/"),
        written("RT.", 1, " RW."),
        written("RT ", 3, " RW "),
        written("", 1, "/"),
        "-",
        _NO_TEXT,
    )


def kelurahan_codes(areas: Areas, kelurahan: Ints) -> pa.Array:
    """Kemendagri's codes without dots; null outside the city."""
    codes = pa.array([code.replace(".", "") for code in areas.kelurahan_codes])
    return codes.take(pa.array(kelurahan, mask=kelurahan == OUTSIDE))


def place_codes(dice: Dice, areas: Areas, rows: Ints, kelurahan: Ints) -> pa.Array:
    """The same; outside the city, a code of some place there."""
    elsewhere = pa.array(_ELSEWHERE).take(
        pa.array(dice.below("siak/elsewhere", rows, len(_ELSEWHERE)))
    )
    return pc.coalesce(kelurahan_codes(areas, kelurahan), elsewhere)


def card_texts(cards: Ints) -> pa.Array:
    """Numbers of family cards; null for 0."""
    return pa.array(cards, mask=cards == 0).cast(pa.string())
