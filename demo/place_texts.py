"""Places as the columns of other apps hold them: names as typed, codes as copied."""

from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from demo.areas import Areas
from demo.dice import Dice, Ints
from demo.spellings import scaled_weights, type_kecamatan, type_kelurahan

PlaceStyle = Literal["kelurahan", "kecamatan", "kemendagri", "kemendagri_plain", "bps"]

# Right, of no place, of a place elsewhere, a dash, blank, null.
_CODE_WEIGHTS = (930, 15, 15, 5, 15, 20)
_FOREIGN = {
    "kemendagri": ("36.03.14.2003", "36.74.01.1004", "31.73.06.1001"),
    "kemendagri_plain": ("3603142003", "3674011004", "3173061001"),
    "bps": ("3603120", "3674010", "3174070"),
}


def place_texts(
    dice: Dice,
    label: str,
    areas: Areas,
    entries: Ints,
    kelurahan: Ints,
    style: PlaceStyle,
    dirtiness: float = 1.0,
) -> pa.Array:
    """The place of each entry in the given style; ``bps`` codes are the seven digits of the
    kecamatan. ``dirtiness`` multiplies how often it is not right."""
    if style == "kecamatan":
        return type_kecamatan(dice, areas, entries, kelurahan, label, dirtiness)[1]
    if style == "kelurahan":
        return type_kelurahan(dice, areas, entries, kelurahan, label, dirtiness)
    kind = dice.choice(f"{label}/kind", entries, scaled_weights(_CODE_WEIGHTS, dirtiness))
    foreign = _FOREIGN[style]
    which = dice.below(f"{label}/foreign", entries, len(foreign))
    if style == "bps":
        right = pa.array(areas.kecamatan_bps).take(pa.array(areas.kecamatan_of[kelurahan]))
        wrong = "3671999"
    else:
        codes = [
            code if style == "kemendagri" else code.replace(".", "")
            for code in areas.kelurahan_codes
        ]
        right = pa.array(codes).take(pa.array(kelurahan))
        wrong = codes[0][:-2] + "99"
    return pc.choose(
        pa.array(kind), right, wrong, pa.array(foreign).take(pa.array(which)), "-", "",
        pa.scalar(None, pa.string()),
    )  # fmt: skip
