"""How Siap Kerja's forms were filled in: dates, wages and words as text of every kind."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.days import DAY, NEVER
from demo.dice import Dice, Ints

_NULL = pa.scalar(None, pa.string())
_WAGE_STYLES = (38, 12, 14, 10, 6, 9, 4, 4, 2, 1)
_FIRST_AMOUNT = 5
"""Wage styles below it name an amount."""


def day_text(dice: Dice, label: str, ids: Ints, day_numbers: Ints) -> pa.Array:
    """Days as 05-01-2024, and a third of them as 05/01/2024."""
    days = pa.array(day_numbers.astype("datetime64[D]"))
    slash = pa.array(dice.chance(f"{label}/slash", ids, 0.33))
    return pc.if_else(slash, pc.strftime(days, "%d/%m/%Y"), pc.strftime(days, "%d-%m-%Y"))


def moment_day_text(
    dice: Dice, label: str, ids: Ints, moments: Ints, never: str | None = None
) -> pa.Array:
    """The days of moments, as ``day_text``; NEVER as ``never``."""
    is_never = moments >= NEVER
    text = day_text(dice, label, ids, np.where(is_never, 0, moments) // DAY)
    return pc.if_else(pa.array(is_never), pa.scalar(never, pa.string()), text)


def wage_text(dice: Dice, label: str, ids: Ints, rupiah: Ints) -> pa.Array:
    """Monthly wages (at least a million, in steps of 50,000) as advertisements have them."""
    plain = pa.array(rupiah).cast(pa.string())
    millions = pa.array(rupiah // 1_000_000).cast(pa.string())
    rest = pa.array(rupiah % 1_000_000)
    thousands = pc.utf8_lpad(pc.divide(rest, 1000).cast(pa.string()), 3, "0")
    dotted = pc.binary_join_element_wise(millions, thousands, "000", ".")
    fraction = pc.utf8_rtrim(thousands, "0")
    short = pc.if_else(
        pc.equal(fraction, ""), millions, pc.binary_join_element_wise(millions, fraction, ",")
    )
    return pc.choose(
        pa.array(_wage_style(dice, label, ids)),
        pc.binary_join_element_wise("Rp ", dotted, ",-", ""),
        pc.binary_join_element_wise("Rp. ", dotted, ""),
        plain,
        pc.binary_join_element_wise(short, " jt", ""),
        pc.binary_join_element_wise(short, "juta", ""),
        pa.scalar("UMR"),
        pa.scalar("UMK Tangerang"),
        pa.scalar("Nego"),
        pa.scalar("-"),
        _NULL,
    )


def names_amount(dice: Dice, label: str, ids: Ints) -> np.ndarray:
    """Whether ``wage_text`` says how much."""
    said: np.ndarray = _wage_style(dice, label, ids) < _FIRST_AMOUNT
    return said


def _wage_style(dice: Dice, label: str, ids: Ints) -> Ints:
    return dice.choice(f"{label}/wage-style", ids, _WAGE_STYLES)


def word(dice: Dice, label: str, ids: Ints, words: Sequence[str]) -> pa.Array:
    """One of the words for each."""
    return pa.array(words, pa.string()).take(pa.array(dice.below(label, ids, len(words))))


def spelling(
    dice: Dice, label: str, ids: Ints, which: Ints, spellings: Sequence[Sequence[str]]
) -> pa.Array:
    """For each, one of the spellings of what it is; half of them the first."""
    counts = np.array([len(words) for words in spellings])
    first = np.cumsum(counts) - counts
    other = dice.below(f"{label}/other", ids, counts[which])
    other = np.where(dice.chance(f"{label}/usual", ids, 0.5), 0, other)
    flat = pa.array([word for words in spellings for word in words], pa.string())
    return flat.take(pa.array(first[which] + other))
