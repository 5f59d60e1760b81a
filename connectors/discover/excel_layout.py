"""How a workbook is laid out: which sheets are one table, names over two rows, totals below."""

import re
from dataclasses import dataclass
from pathlib import Path

import fastexcel

from connectors.discover.csv_layout import TOTALS
from connectors.files.header import clear_names

ROWS_TO_SEARCH = 50
_NUMBER = re.compile(r"[-+]?[\d.,]+%?|\d{4}-\d\d-\d\d.*")
_TOTALS = re.compile(TOTALS, re.IGNORECASE)
STOP_AT = f"(?i){TOTALS}"

Row = list[str | None]


@dataclass(frozen=True)
class SheetGroup:
    """Sheets with the same columns."""

    sheets: tuple[str, ...]
    header: int
    """The row with the names of the first of them."""
    header_rows: int
    has_totals: bool


def sheet_groups(path: Path) -> tuple[list[SheetGroup], list[str]]:
    """The tables of a workbook, and the sheets that hold none.

    Raises ``fastexcel.FastExcelError`` for what is no workbook.
    """
    book = fastexcel.read_excel(path)
    groups: dict[tuple[str, ...], list[tuple[str, int, int, bool]]] = {}
    without: list[str] = []
    for name in book.sheet_names:
        cells = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow()
        columns = [column.to_pylist() for column in cells.columns]
        rows: list[Row] = [list(row) for row in zip(*columns, strict=True)] if columns else []
        at = _header(rows[:ROWS_TO_SEARCH])
        if at is None:
            without.append(name)
            continue
        depth = 2 if _goes_on(rows, at) else 1
        names = _names(rows[at : at + depth])
        body = rows[at + depth :]
        if not any(any(row) for row in body):
            without.append(name)
            continue
        has_totals = any(_TOTALS.search(first) for row in body if (first := _first(row)))
        groups.setdefault(names, []).append((name, at + 1, depth, has_totals))
    return [
        SheetGroup(
            tuple(name for name, *_ in sheets),
            sheets[0][1],
            sheets[0][2],
            any(has_totals for *_, has_totals in sheets),
        )
        for sheets in groups.values()
    ], without


def _header(top: list[Row]) -> int | None:
    """The first row with text in most of its cells, as the reader finds it."""
    widest = max((sum(map(bool, row)) for row in top), default=0)
    if widest < 2:
        return None
    for place, row in enumerate(top):
        texts = sum(1 for cell in row if cell and not _NUMBER.fullmatch(cell))
        if texts and 2 * texts > widest:
            return place
    return None


def _goes_on(rows: list[Row], at: int) -> bool:
    """Whether the next row has the rest of names that were merged over several columns."""
    if at + 2 >= len(rows):
        return False
    above, below, data = rows[at], rows[at + 1], rows[at + 2]
    texts = [cell for cell in below if cell]
    fills = any(lower and not upper for upper, lower in zip(above, below, strict=True))
    is_names = bool(texts) and not any(_NUMBER.fullmatch(cell) for cell in texts)
    return fills and is_names and sum(map(bool, data)) > len(texts)


def _names(header: list[Row]) -> tuple[str, ...]:
    joined = [" ".join(filter(None, cells)) for cells in zip(*header, strict=True)]
    return tuple(name.casefold() for name in clear_names(name for name in joined if name))


def _first(row: Row) -> str | None:
    return next((cell for cell in row if cell), None)
