"""How people type the name of a kecamatan into a free text field."""

from enum import IntEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.areas import Areas
from demo.dice import Dice, Ints


class Typed(IntEnum):
    """What kind of spelling was typed."""

    EXACT = 0
    CASE = 1
    """Capitals, small letters or stray spaces."""
    PREFIX = 2
    """``Kec. Ciledug``, ``Kecamatan Ciledug``."""
    KELURAHAN = 3
    """The kelurahan instead of the kecamatan, by its official name in some case."""
    KELURAHAN_ALIAS = 4
    """The kelurahan as people say it: ``Kreo`` is ``Kereo`` to many."""
    MISSPELT = 5
    DASH = 6
    BLANK = 7
    MISSING = 8
    OUTSIDE = 9
    """A place in a neighbouring city; the complaint itself is in this one."""
    AMBIGUOUS = 10
    """A kelurahan that has the name of another kecamatan (Jatiuwung, in Cibodas)."""


_WEIGHTS = (46, 14, 13, 7, 1, 8, 2, 3, 5, 1)

MISSPELT: dict[str, tuple[str, ...]] = {
    "36.71.01": ("Tanggerang", "Tng", "Tgr"),
    "36.71.02": ("Jati Uwung", "Jatiwung", "Jt Uwung"),
    "36.71.03": ("Batu Ceper", "Batucepr", "Bt Ceper"),
    "36.71.04": ("Bnda", "Be nda"),
    "36.71.05": ("Cipondo", "Cipndoh", "Cpondoh"),
    "36.71.06": ("Cldug", "Ci Ledug"),
    "36.71.07": ("Karwaci", "Kerawaci", "Krwc"),
    "36.71.08": ("Priuk", "Per iuk"),
    "36.71.09": ("Cibodes", "Cbodas", "Ci Bodas"),
    "36.71.10": ("Negla Sari", "Neglsari", "Nglasari"),
    "36.71.11": ("Pnang", "Pinang Tgr"),
    "36.71.12": ("Krg Tengah", "Karangtengah", "Krang Tengah"),
    "36.71.13": ("Larngan", "Lrangan"),
}
_KELURAHAN_ALIASES = {
    "Keroncong": "Kroncong",
    "Kreo": "kereo",
    "Kreo Selatan": "Kereo Selatan",
    "Padurenan": "Pedurenan",
    "Poris Gaga": "Porisgaga",
    "Poris Gaga Baru": "Porisgaga Br",
}
_OUTSIDE = ("Serpong", "Cikupa", "Kalideres", "Ciputat")


def type_kecamatan(
    dice: Dice,
    areas: Areas,
    complaints: Ints,
    kelurahan: Ints,
    label: str = "typed",
    dirtiness: float = 1.0,
) -> tuple[Ints, pa.Array]:
    """The kind of spelling (values of ``Typed``) and the text typed, for complaints (or rows of
    another app: ``label``) in the given kelurahan; null where nothing was sent."""
    aliased = np.isin(kelurahan, [areas.kelurahan_names.index(name) for name in _KELURAHAN_ALIASES])
    kind = dice.choice(f"{label}/kind", complaints, scaled_weights(_WEIGHTS, dirtiness))
    # Only some kelurahan have a second name; the others are typed as they are.
    kind = np.where((kind == Typed.KELURAHAN) & aliased, Typed.KELURAHAN_ALIAS, kind)
    kind = np.where((kind == Typed.KELURAHAN_ALIAS) & ~aliased, Typed.KELURAHAN, kind)

    namesakes = [
        position
        for position, name in enumerate(areas.kelurahan_names)
        if name in areas.kecamatan_names
        and areas.kecamatan_names.index(name) != areas.kecamatan_of[position]
    ]
    namesake = np.isin(kelurahan, namesakes)
    kind = np.where((kind == Typed.KELURAHAN) & namesake, Typed.AMBIGUOUS, kind)

    kecamatan = areas.kecamatan_of[kelurahan]
    name = areas.kecamatan_name(kelurahan)
    style = dice.below(f"{label}/style", complaints, 3)
    cased = _by(style, pc.utf8_upper(name), pc.utf8_lower(name), _join("", name, "  "))
    prefixed = _by(
        style, _join("Kec. ", name), _join("Kecamatan ", name), _join("KEC ", pc.utf8_upper(name))
    )
    kelurahan_name = areas.kelurahan_name(kelurahan)
    village = _by(
        style, kelurahan_name, pc.utf8_lower(kelurahan_name), _join("Kel. ", kelurahan_name)
    )
    said = [_KELURAHAN_ALIASES.get(name, name) for name in areas.kelurahan_names]
    spellings = [MISSPELT[code] for code in areas.kecamatan_codes]
    counts = np.array([len(words) for words in spellings])
    word = dice.below(f"{label}/word", complaints, counts[kecamatan])
    first = np.concatenate([[0], np.cumsum(counts)])[kecamatan]
    misspelt = pa.array([w for words in spellings for w in words]).take(pa.array(first + word))
    outside = pa.array(_OUTSIDE).take(
        pa.array(dice.below(f"{label}/outside", complaints, len(_OUTSIDE)))
    )
    blank, dash = pa.scalar(""), pa.scalar("-")
    missing = pa.scalar(None, pa.string())
    text = pc.choose(
        pa.array(kind), name, cased, prefixed, village, pa.array(said).take(pa.array(kelurahan)),
        misspelt, dash, blank, missing, outside, village,
    )  # fmt: skip
    return kind, text


_KELURAHAN_WEIGHTS = (54, 14, 12, 6, 8, 1, 2, 3)
_SHORT_WORDS = {"Selatan": "Sel", "Utara": "Utr", "Timur": "Tmr", "Barat": "Brt", "Baru": "Br"}


def type_kelurahan(
    dice: Dice, areas: Areas, entries: Ints, kelurahan: Ints, label: str, dirtiness: float = 1.0
) -> pa.Array:
    """The name of each kelurahan as typed: in some case, with a prefix, by its other name,
    misspelt, a place elsewhere, a dash, blank or null."""
    kind = dice.choice(f"{label}/kind", entries, scaled_weights(_KELURAHAN_WEIGHTS, dirtiness))
    name = areas.kelurahan_name(kelurahan)
    style = dice.below(f"{label}/style", entries, 3)
    where = pa.array(kelurahan)
    said = pa.array([_KELURAHAN_ALIASES.get(n, _shortened(n)) for n in areas.kelurahan_names])
    misspelt = pa.array([_without_vowel(n) for n in areas.kelurahan_names])
    outside = pa.array(_OUTSIDE).take(
        pa.array(dice.below(f"{label}/outside", entries, len(_OUTSIDE)))
    )
    return pc.choose(
        pa.array(kind),
        name,
        _by(style, pc.utf8_upper(name), pc.utf8_lower(name), _join("", name, "  ")),
        _by(
            style,
            _join("Kel. ", name),
            _join("Kelurahan ", name),
            _join("KEL ", pc.utf8_upper(name)),
        ),
        said.take(where),
        misspelt.take(where),
        outside,
        _by(style, "-", "", ""),
        pa.scalar(None, pa.string()),
    )


def _shortened(name: str) -> str:
    """``Kreo Selatan`` is ``Kreo Sel``; names of two other words grow together."""
    first, _, last = name.rpartition(" ")
    return f"{first} {_SHORT_WORDS[last]}" if last in _SHORT_WORDS else name.replace(" ", "")


def _without_vowel(name: str) -> str:
    """The name with its second vowel lost."""
    vowels = [at for at, letter in enumerate(name) if letter in "aeiou"]
    at = vowels[min(1, len(vowels) - 1)]
    return name[:at] + name[at + 1 :]


def scaled_weights(weights: tuple[int, ...], dirtiness: float) -> tuple[float, ...]:
    """The weights, all but the first (the right spelling) multiplied."""
    return (weights[0], *(weight * dirtiness for weight in weights[1:]))


def _by(style: Ints, *choices: pa.Array) -> pa.Array:
    return pc.choose(pa.array(style), *choices)


def _join(*parts: str | pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")
