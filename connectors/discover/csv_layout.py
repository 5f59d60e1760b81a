"""How a delimited text is written: encoding, delimiter, title lines above it, totals below it."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from connectors.files.csv_dialect import guess_delimiter
from connectors.files.encoding import Utf8Blocks, guess_encoding

HEAD_BYTES = 1 << 19
TAIL_BYTES = 1 << 16
MOST_FOOTER = 20
LOOKED_AT = 200
TOTALS = r"^\s*(grand |sub)?total\b|^\s*jumlah\b|^\s*(dicetak|mengetahui|dibuat oleh|catatan)\b"
"""What rows say that end a table and are no data."""
_TOTALS = re.compile(TOTALS, re.IGNORECASE)
_DATUM = re.compile(r"[-+]?[\d.,]*\d|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?")
_YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True)
class CsvLayout:
    """What is found out about a delimited text."""

    encoding: str | None
    """None where it says so itself, or is plain ASCII or UTF-8."""
    delimiter: str
    width: int
    header: int
    """The line with the names; 0: there is none."""
    footer: int


def csv_layout(path: Path) -> CsvLayout | None:
    """The layout of a text; None where nothing delimits columns."""
    encoding = guess_encoding(path)
    head = b""
    for block in Utf8Blocks(path, encoding):
        head += block
        if len(head) >= HEAD_BYTES:
            break
    is_whole = len(head) < HEAD_BYTES
    text = head.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    if not is_whole:
        text = text[: text.rfind("\n") + 1]
    delimiter = guess_delimiter(text, '"')
    records = _records(text, delimiter)
    widths = Counter(len(cells) for _, cells in records if len(cells) > 1)
    if not widths:
        return None
    width = widths.most_common(1)[0][0]
    return CsvLayout(
        encoding=None if encoding.startswith("utf") else encoding,
        delimiter=delimiter,
        width=width,
        header=_header(records, width),
        footer=_footer(path, encoding, delimiter, width),
    )


def _records(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The first records with the lines they start in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found, line = [], 1
    try:
        for cells in reader:
            found.append((line, cells))
            line = reader.line_num + 1
            if len(found) >= LOOKED_AT:
                break
    except csv.Error:
        pass  # what was read before it is enough to judge by
    return found


def _header(records: list[tuple[int, list[str]]], width: int) -> int:
    """The first line that is as wide as most and has names in it; 0 if it has data already."""
    full = [
        (line, cells)
        for line, cells in records
        if len(cells) == width and 2 * sum(1 for cell in cells if cell.strip()) > width
    ]
    if not full:
        return 1
    line, names = full[0]
    data = [cells for _, cells in full[1:]]
    typed = [
        place
        for place in range(width)
        if data and 2 * sum(1 for cells in data if _is_datum(cells[place])) > len(data)
    ]
    also = [place for place in typed if _is_datum(names[place])]
    are_years = all(_YEAR.fullmatch(names[place].strip()) for place in also)
    return 0 if also and 2 * len(also) >= len(typed) and not are_years else line


def _is_datum(cell: str) -> bool:
    return _DATUM.fullmatch(cell.strip()) is not None


def _footer(path: Path, encoding: str, delimiter: str, width: int) -> int:
    """How many lines at the end are no rows, where a line is enough to tell."""
    if encoding.startswith(("utf-16", "utf-32")):
        return 0
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read().decode(encoding, "replace")
    lines = tail.rstrip("\r\n\x1a").splitlines()[1:]
    footer = 0
    for count, line in enumerate(reversed(lines[-MOST_FOOTER:]), start=1):
        cells = next(csv.reader([line], delimiter=delimiter), [])
        filled = [cell for cell in cells if cell.strip()]
        if filled and (_TOTALS.search(filled[0]) or (len(cells) < width and len(filled) <= 2)):
            footer = count
        elif filled:
            break
    return footer
