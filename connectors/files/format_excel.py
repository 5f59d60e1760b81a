"""XLSX and XLS: sheets with titles above the header, merged names, totals and signatures below."""

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

from connectors.files.header import SHEET, clear_names
from connectors.files.opened import (
    BATCH_ROWS,
    FileAsked,
    OpenedFile,
    text_batch,
    text_columns,
    without_nulls,
)
from lake.column import Column

ROWS_TO_SEARCH = 50
"""A header further down has to be given by its row number."""
SHEETS_TO_NAME = 3
"""Of more sheets than these, a sentence says what is true of all of them."""
_NUMBER = re.compile(r"[-+]?[\d.,]+%?|\d{4}-\d\d-\d\d.*")


class ExcelFile(OpenedFile):
    """One workbook, of which one or several sheets are the table."""

    def __init__(self, asked: FileAsked) -> None:
        super().__init__(asked)
        try:
            self._book = fastexcel.read_excel(asked.path)
            loaded = {name: self._load(name) for name in self._chosen()}
        except fastexcel.FastExcelError as error:
            reason = str(error).splitlines()[0]
            raise asked.error(f"can't be read as a workbook: {reason}") from None
        self._sheets = {name: cells for name, cells in loaded.items() if _has_cells(cells)}
        for name in loaded.keys() - self._sheets.keys():
            self.notes.append(f"{asked.name}: sheet {name!r} is empty")
        if not self._sheets:
            raise asked.error("has no filled cell in the sheets to read")
        self._tables = {name: self._table(name) for name in self._sheets}
        self._left_out: dict[str, dict[str, int]] = {}

    @property
    def columns(self) -> list[Column]:
        """The columns of all chosen sheets, and ``_sheet`` where the registry chooses sheets."""
        names = dict.fromkeys(name for table in self._tables.values() for name in table.names)
        extra = [SHEET] if self.asked.source.sheets is not None else []
        return text_columns([*names, *self.asked.source.above, *extra])

    def batches(self, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Stream the rows, sheet by sheet; row numbers are the workbook's."""
        for sheet, table in self._tables.items():
            rows = self._data_rows(sheet, table)
            for start in range(0, len(rows), BATCH_ROWS):
                some = rows.slice(start, BATCH_ROWS)
                values = [self._values(sheet, table, name, some) for name in wanted]
                yield text_batch(wanted, values, pc.add(some, 1))
        self._say_all_left_out()

    def _values(self, sheet: str, table: "_Table", name: str, rows: pa.Array) -> pa.Array:
        if name == SHEET:
            return pa.repeat(pa.scalar(sheet), len(rows))
        if name in table.above:
            return pa.repeat(pa.scalar(table.above[name], pa.string()), len(rows))
        if name not in table.places:
            return pa.nulls(len(rows), pa.string())
        cells = self._sheets[sheet].column(table.places[name])
        if name in self.asked.source.fill_down:
            cells = pc.fill_null_forward(cells.slice(table.after))
            rows = pc.subtract(rows, table.after)
        cells = cells.take(rows)
        return without_nulls(_plain_times(cells), self.asked.source.null_texts)

    def _chosen(self) -> list[str]:
        names: list[str] = self._book.sheet_names
        said = self.asked.source.sheets
        if said is None:
            if len(names) > 1:
                others = ", ".join(names[1:])
                self.notes.append(
                    f"{self.asked.name}: only its first sheet is read, not {others}; "
                    "set sheets in the registry to choose"
                )
            return names[:1]
        patterns = [said] if isinstance(said, str) else said
        chosen = [name for name in names if any(fnmatchcase(name, each) for each in patterns)]
        if not chosen:
            raise self.asked.error(
                f"has no sheet {' or '.join(patterns)} (it has {', '.join(names)})"
            )
        return chosen

    def _load(self, sheet: str) -> pa.RecordBatch:
        """All cells as text, from the first row on, so that row numbers are the workbook's."""
        return self._book.load_sheet(
            sheet, header_row=None, skip_rows=0, dtypes="string"
        ).to_arrow()

    def _table(self, sheet: str) -> "_Table":
        cells = self._sheets[sheet]
        top: list[list[str | None]] = _rows(cells.slice(0, ROWS_TO_SEARCH))
        source = self.asked.source
        if source.header == 0:
            declared = self._declared
            header: list[str | None] = [*declared, *[None] * (cells.num_columns - len(declared))]
            at = after = 0
        else:
            at = source.header - 1 if source.header else self._find_header(sheet, top)
            after = at + source.header_rows
            header = _joined(_rows(cells.slice(at, source.header_rows)))
        names = clear_names(header)
        body = cells.slice(after)
        places = {
            name: place
            for place, name in enumerate(names)
            if header[place] or body.column(place).null_count < body.num_rows
        }
        above = self._above(sheet, _rows(cells.slice(0, at)))
        return _Table({n: p for n, p in places.items() if n not in above}, above, after)

    @property
    def _declared(self) -> list[str]:
        """The names that a header can have."""
        elsewhere = {SHEET, *self.asked.source.above}
        return [name for name in self.asked.declared if name not in elsewhere]

    def _above(self, sheet: str, rows: list[list[str | None]]) -> dict[str, str | None]:
        """What stands above the header, by the column it becomes."""
        lines = [" ".join(cell for cell in row if cell) for row in rows]
        values: dict[str, str | None] = {}
        for name, pattern in self.asked.source.above.items():
            found = next((hit for line in lines if (hit := re.search(pattern, line))), None)
            values[name] = found.group(1) if found else None
            if found is None:
                self.notes.append(
                    f"{self.asked.name}: sheet {sheet!r} has no {name} above its header"
                )
        return values

    def _find_header(self, sheet: str, top: list[list[str | None]]) -> int:
        """The first row with most of the declared names, or with text in most of its cells."""
        declared = {name.casefold() for name in self._declared}
        if declared:
            for place, row in enumerate(top):
                joined = _joined(top[place : place + self.asked.source.header_rows])
                found = {name.casefold() for name in clear_names(joined)}
                if any(row) and 2 * len(declared & found) > len(declared):
                    return place
        widest = max((sum(map(bool, row)) for row in top), default=0)
        for place, row in enumerate(top):
            texts = sum(1 for cell in row if cell and not _NUMBER.fullmatch(cell))
            if texts and 2 * texts > widest:
                return place
        raise self.asked.error(
            f"has no row of column names among the first {ROWS_TO_SEARCH} of sheet {sheet!r}; "
            "set header in the registry to its row number"
        )

    def _data_rows(self, sheet: str, table: "_Table") -> pa.Array:
        """Places of the rows that are data; those left out by rule are counted in a note."""
        cells, source = self._sheets[sheet], self.asked.source
        first = pc.coalesce(*(cells.column(place) for place in table.places.values()))
        rows = pa.array(range(table.after, cells.num_rows), pa.int64())
        rows = rows.filter(pc.is_valid(first.take(rows)))
        texts = first.take(rows)
        if source.stop_at:
            hits = pc.match_substring_regex(texts, source.stop_at).to_pylist()
            if True in hits:
                end = hits.index(True)
                self._say_left_out(sheet, len(rows) - end, f"from row {rows[end].as_py() + 1} on")
                rows, texts = rows.slice(0, end), texts.slice(0, end)
        if source.skip_rows:
            is_kept = pc.invert(pc.match_substring_regex(texts, source.skip_rows))
            self._say_left_out(sheet, len(rows) - (pc.sum(is_kept).as_py() or 0), "by skip_rows")
            rows = rows.filter(is_kept)
        return rows

    def _say_left_out(self, sheet: str, count: int, which: str) -> None:
        if count:
            self._left_out.setdefault(sheet, {})[which] = count

    def _say_all_left_out(self) -> None:
        """A sentence for each sheet, or one for all where there are many."""
        if len(self._left_out) > SHEETS_TO_NAME:
            rows = sum(sum(counts.values()) for counts in self._left_out.values())
            said = [f"{rows} rows of {len(self._left_out)} sheets are no data"]
        else:
            said = [
                f"{count} rows of sheet {sheet!r} are no data ({which})"
                for sheet, counts in self._left_out.items()
                for which, count in counts.items()
            ]
        notes = [f"{self.asked.name}: {each}" for each in said]
        self.notes += [note for note in notes if note not in self.notes]


class _Table:
    """Where on a sheet the table is."""

    def __init__(self, places: dict[str, int], above: dict[str, str | None], after: int) -> None:
        self.places = places
        self.above = above
        self.names = list(places)
        self.after = after
        """The row that the data begin with, counted from 0."""


def _has_cells(cells: pa.RecordBatch) -> bool:
    return any(column.null_count < len(column) for column in cells.columns)


def _rows(cells: pa.RecordBatch) -> list[list[str | None]]:
    columns: list[list[Any]] = [column.to_pylist() for column in cells.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _joined(header: list[list[str | None]]) -> list[str | None]:
    """One name a column out of several header rows; a merged name counts for all below it."""
    if not header:
        return []
    names: list[list[str]] = [[] for _ in header[0]]
    for depth, row in enumerate(header):
        above: str | None = None
        for place, cell in enumerate(row):
            above = cell or above
            has_below = any(below[place] for below in header[depth + 1 :])
            if part := cell or (above if has_below else None):
                names[place].append(part)
    return [" ".join(parts) or None for parts in names]


def _plain_times(cells: pa.Array) -> pa.Array:
    """A workbook has one type for dates, times and both: dates lose a midnight, times a day."""
    cells = pc.replace_substring_regex(cells, r"^(\d{4}-\d\d-\d\d) 00:00:00$", r"\1")
    return pc.replace_substring_regex(cells, r"^1899-12-3[01] (\d\d:\d\d:\d\d)", r"\1")
