"""Names of columns as a file's header spells them, made clear."""

from collections.abc import Iterable

FILE = "_file"
ROW = "_row"
SHEET = "_sheet"
PSEUDO = (FILE, ROW, SHEET)


def clear_names(header: Iterable[str | None]) -> list[str]:
    """One name a column: an empty one becomes ``kolom_3``, a repeated one ``nama_2``.

    Names that differ in case only are repeated: the lake would take them for one.
    """
    names: list[str] = []
    taken = set(PSEUDO)
    for place, text in enumerate(header, start=1):
        base = " ".join((text or "").replace("\ufeff", "").split()) or f"kolom_{place}"
        name, copy = base, 1
        while name.casefold() in taken:
            copy += 1
            name = f"{base}_{copy}"
        taken.add(name.casefold())
        names.append(name)
    return names
