"""What a hurried hand makes of a name on a card: one edit a function, null where it can't happen.

Each takes the name and a number in [0, 1) that decides how.
"""

import re

_NEXT_KEYS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa",
    "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu",
    "z": "x",
}  # fmt: skip
_BEFORE = re.compile(r"^(?:(?:H|Hj|Dr|Drs|Dra|Ir|dr|Ust)\. )+")
_AFTER = re.compile(r"(?:, (?:[A-Z][A-Za-z]*\.)+)+$")
_MUHAMMAD = re.compile(r"^(Muhammad|Muhamad|Mohammad|Mohamad|Mochamad|Moh\.|Muh\.|M\.) ")
_SHORT_MUHAMMAD = ("Moh. ", "M. ", "Muh. ", "Mhd. ")
_TITLES_MEN = ("H. {}", "Drs. {}", "Ir. {}", "{}, S.E.", "{}, S.Pd.", "{}, S.H.")
_TITLES_WOMEN = ("Hj. {}", "Dra. {}", "{}, S.E.", "{}, S.Pd.", "{}, S.Kom.", "{}, A.Md.")


def bare(name: str) -> str:
    """The name without titles and degrees."""
    return _AFTER.sub("", _BEFORE.sub("", name))


def typo(name: str, how: float) -> str:
    """A letter lost, doubled, swapped with the next, or its neighbour on the keyboard."""
    letters = [at for at in range(1, len(name)) if name[at].isalpha() and name[at - 1].isalpha()]
    if not letters:
        return name + name[-1]
    kind, rest = divmod(how * 4, 1.0)
    at = letters[int(rest * len(letters))]
    letter = name[at]
    if kind == 0 and len(name) > 3:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + letter + name[at:]
    if kind == 2 and name[at - 1].lower() != letter.lower():
        pair = (letter + name[at - 1]).lower()
        pair = pair.capitalize() if name[at - 1].isupper() else pair
        return name[: at - 1] + pair + name[at + 1 :]
    keys = _NEXT_KEYS.get(letter.lower(), "ae")
    return name[:at] + keys[int(how * 1e6) % len(keys)] + name[at + 1 :]


def short(name: str, how: float) -> str | None:
    """``Muhammad`` as ``Moh.``, ``M.``, ``Muh.``; else a middle word dropped or as its initial."""
    front, core, back = _parts(name)
    if found := _MUHAMMAD.match(core):
        others = [word for word in _SHORT_MUHAMMAD if word != found.group(0)]
        return front + others[int(how * len(others))] + core[found.end() :] + back
    words = core.split(" ")
    if len(words) < 3:
        return None
    if how < 0.5:
        del words[1]
    else:
        words[1] = words[1][0] + "."
    return front + " ".join(words) + back


def title(name: str, how: float, is_woman: bool) -> str:
    """Titles and degrees dropped where there are some, else one added."""
    plain = bare(name)
    if plain != name:
        return plain
    titles = _TITLES_WOMEN if is_woman else _TITLES_MEN
    return titles[int(how * len(titles))].format(name)


def married(name: str, how: float, husband: str) -> str | None:
    """The husband's last name instead of, or after, the last word of hers."""
    front, core, back = _parts(name)
    words, last = core.split(" "), bare(husband).split(" ")[-1]
    if words[-1] == last:
        return None
    kept = words[:-1] if how < 0.6 and len(words) > 1 else words
    return front + " ".join([*kept, last]) + back


def order(name: str, how: float) -> str | None:
    """The last word first, now and then with a comma."""
    front, core, back = _parts(name)
    words = core.split(" ")
    if len(words) < 2 or words[0] == words[-1]:
        return None
    sign = "," if how < 0.2 else ""
    return front + " ".join([words[-1] + sign, *words[:-1]]) + back


def _parts(name: str) -> tuple[str, str, str]:
    core = bare(name)
    at = name.index(core)
    return name[:at], core, name[at + len(core) :]
