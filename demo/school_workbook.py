"""Workbooks as schools make them: titles, merged cells, a total and a signature, each its own way.

The same rows give the same bytes: nothing in a workbook says when it was really written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from demo.schools import school_year

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEXES = (("L", "P"), ("L", "P"), ("Laki-laki", "Perempuan"), ("l", "p"))
# Headers: a text is one merged over both rows; with a tuple, the cell above and those below.
_SD_TOGETHER = (
    "NO", "NISN", "NIK", "NAMA SISWA", "L/P", "TEMPAT, TGL LAHIR", "KELAS", "NAMA ORANG TUA",
    "NO HP", "ALAMAT", "KELURAHAN",
)  # fmt: skip
_SD_APART = (
    "NO", "NISN", "NIK", "NAMA SISWA", "L/P", "TEMPAT LAHIR", "TANGGAL LAHIR", "KELAS",
    "NAMA ORANG TUA", "NO HP", "ALAMAT", "KELURAHAN",
)  # fmt: skip
_SMP = (
    "NO", "NISN", "NIK", "NAMA SISWA", "L/P", ("LAHIR", ("TEMPAT", "TANGGAL")), "KELAS",
    ("ORANG TUA / WALI", ("NAMA", "NIK", "NO HP")), "KELURAHAN",
)  # fmt: skip


@dataclass(frozen=True)
class PupilSheet:
    """One school's list; ``number`` decides its habits."""

    number: int
    name: str
    npsn: int
    head: str
    rows: pa.Table


def pupil_workbook(level: str, kecamatan: str, moment: int, sheets: Sequence[PupilSheet]) -> bytes:
    """The workbook of one kecamatan and level, as sent at the moment (local seconds)."""
    with _Book(moment) as book:
        for sheet in sheets:
            _PupilPage(book, level, kecamatan, sheet).write()
    return book.content


def school_workbook(rows: pa.Table, moment: int) -> bytes:
    """The department's list of schools."""
    with _Book(moment) as book:
        page = book.add("Rekap")
        width = rows.num_columns
        page.merge_range(0, 0, 0, width, "REKAPITULASI SEKOLAH KOTA TANGERANG", book.title)
        year = school_year(moment // 86_400)
        page.merge_range(1, 0, 1, width, f"TAHUN PELAJARAN {year}/{year + 1}", book.title)
        page.write_row(3, 0, ["NO", *rows.column_names], book.head)
        for number, row in enumerate(rows.to_pylist(), start=1):
            page.write_number(3 + number, 0, number)
            page.write_row(3 + number, 1, [value or "" for value in row.values()])
        page.write_string(5 + rows.num_rows, 0, "JUMLAH SEKOLAH")
        page.write_number(5 + rows.num_rows, 2, rows.num_rows)
    return book.content


class _Book:
    """A workbook being written."""

    def __init__(self, moment: int) -> None:
        self.moment = moment
        self._bytes = BytesIO()
        self._book = xlsxwriter.Workbook(self._bytes, {"in_memory": True, "strings_to_urls": False})
        created = (_EPOCH + timedelta(seconds=moment)).replace(tzinfo=None)
        self._book.set_properties({"created": created, "author": "Operator Sekolah"})
        self.title = self._format(bold=True, align="center")
        self.head = self._format(bold=True, border=1, align="center", valign="vcenter")
        self.merged = self._format(align="center", valign="vcenter")
        self.date = self._format(num_format="dd/mm/yyyy")
        self.whole = self._format(num_format="0")

    def __enter__(self) -> "_Book":
        return self

    def __exit__(self, *error: object) -> None:
        self._book.close()

    def add(self, name: str) -> Worksheet:
        """A sheet more."""
        return self._book.add_worksheet(name)

    def _format(self, **properties: Any) -> Format:
        return self._book.add_format(properties)

    @property
    def content(self) -> bytes:
        """The bytes, once it is closed."""
        return self._bytes.getvalue()


class _PupilPage:
    """One school's sheet. What it does in its own way follows from the school's number."""

    def __init__(self, book: _Book, level: str, kecamatan: str, sheet: PupilSheet) -> None:
        self.book, self.level, self.kecamatan, self.sheet = book, level, kecamatan, sheet
        number = sheet.number
        self.page = book.add(sheet.name)
        self.has_letterhead = number % 4 == 1
        self.is_together = level == "SD" and number % 5 < 3
        self.merges_classes = level == "SD" and number % 3 == 1
        self.numbers_as_numbers = number % 3 == 2
        self.rounds_nik = number % 11 == 6
        self.numbers_columns = number % 6 == 2
        self.parts_classes = number % 4 == 2
        self.date_style = number % 5
        self.sexes = _SEXES[number % 7 % 4]
        self.columns: Sequence[str | tuple[str, tuple[str, ...]]] = (
            _SMP if level == "SMP" else _SD_TOGETHER if self.is_together else _SD_APART
        )
        self.at = 0
        """The row to be written next."""

    @property
    def _width(self) -> int:
        return sum(1 if isinstance(each, str) else len(each[1]) for each in self.columns)

    def write(self) -> None:
        """All of it."""
        self._titles()
        self._header()
        self._pupils()
        self._footer()

    def _title(self, text: str) -> None:
        self.page.merge_range(self.at, 0, self.at, self._width - 1, text, self.book.title)
        self.at += 1

    def _titles(self) -> None:
        moment = _EPOCH + timedelta(seconds=self.book.moment)
        year = school_year(self.book.moment // 86_400)
        if self.has_letterhead:
            self._title("PEMERINTAH KOTA TANGERANG")
            self._title("DINAS PENDIDIKAN")
        self._title(f"DATA SISWA {self.level} KECAMATAN {self.kecamatan.upper()}")
        self._title(f"TAHUN PELAJARAN {year}/{year + 1}")
        self.at += 1
        for label, value in (
            ("NAMA SEKOLAH", self.sheet.name.upper()),
            ("NPSN", str(self.sheet.npsn)),
            ("BULAN", f"{MONTHS[moment.month - 1]} {moment.year}"),
        ):
            self.page.write_string(self.at, 1, label)
            self.page.write_string(self.at, 3, f": {value}")
            self.at += 1
        self.at += 1

    def _header(self) -> None:
        page, place, rows = self.page, 0, 2 if self.level == "SMP" else 1
        for column in self.columns:
            if isinstance(column, tuple):
                name, below = column
                page.merge_range(
                    self.at, place, self.at, place + len(below) - 1, name, self.book.head
                )
                page.write_row(self.at + 1, place, below, self.book.head)
                place += len(below)
            else:
                if rows == 2:
                    page.merge_range(self.at, place, self.at + 1, place, column, self.book.head)
                else:
                    page.write_string(self.at, place, column, self.book.head)
                place += 1
        self.at += rows
        if self.numbers_columns:
            numbers = [f"({number})" for number in range(1, self._width + 1)]
            page.write_row(self.at, 0, numbers, self.book.head)
            self.at += 1

    def _pupils(self) -> None:
        page, rows = self.page, self.sheet.rows.to_pylist()
        begins, ends = self.at, self.at
        for number, row in enumerate(rows, start=1):
            is_first = number == 1 or rows[number - 2]["KELAS"] != row["KELAS"]
            if is_first and number > 1:
                self._close_class(begins, ends, rows[number - 2]["KELAS"])
                self.at += self.parts_classes
            if is_first:
                begins = self.at
            page.write_number(self.at, 0, number)
            for place, value in enumerate(self._values(row), start=1):
                if place == self._class_place and self.merges_classes and not is_first:
                    continue
                self._write(place, value)
            ends = self.at
            self.at += 1
        if rows:
            self._close_class(begins, ends, rows[-1]["KELAS"])

    @property
    def _class_place(self) -> int:
        return 6 if self.is_together else 7

    def _close_class(self, begins: int, ends: int, name: str) -> None:
        """The name of a class stands once, in a cell as high as its pupils."""
        if self.merges_classes and begins < ends:
            place = self._class_place
            self.page.merge_range(begins, place, ends, place, name, self.book.merged)

    def _values(self, row: dict[str, Any]) -> list[Any]:
        born: Any = _EPOCH + timedelta(days=row["lahir"])
        if self.is_together:
            birth = [f"{row['tempat']}, {_long(born)}"]
        else:
            birth = [row["tempat"], self._date(born)]
        first = [row["NISN"], row["NIK"], row["NAMA SISWA"], self.sexes[row["perempuan"]]]
        if self.level == "SMP":
            last = [row["wali"], row["nik_wali"], row["NO HP"], row["KELURAHAN"]]
        else:
            last = [row["wali"], row["NO HP"], row["alamat"], row["KELURAHAN"]]
        if self.numbers_as_numbers:
            first[0] = int(first[0])
        if self.rounds_nik and first[1]:
            # A cell holds 15 digits of a number: Excel made the last one a zero.
            first[1] = int(first[1]) // 10 * 10
        return [*first, *birth, row["KELAS"], *last]

    def _date(self, born: datetime) -> Any:
        match self.date_style:
            case 0:
                return born.replace(tzinfo=None)
            case 1:
                return _long(born)
            case 2:
                return f"{born.day:02d}-{born.month:02d}-{born.year}"
            case _:
                return f"{born.day:02d}/{born.month:02d}/{born.year}"

    def _write(self, place: int, value: Any) -> None:
        match value:
            case None | "":
                return
            case datetime():
                self.page.write_datetime(self.at, place, value, self.book.date)
            case int():
                self.page.write_number(self.at, place, value, self.book.whole)
            case _:
                self.page.write_string(self.at, place, value)

    def _footer(self) -> None:
        girls = sum(self.sheet.rows["perempuan"].to_pylist())
        count = self.sheet.rows.num_rows
        self.page.merge_range(self.at, 0, self.at, 2, "JUMLAH SISWA", self.book.head)
        self.page.write_string(self.at, 3, f"{count} (L: {count - girls}, P: {girls})")
        sent = _EPOCH + timedelta(seconds=self.book.moment)
        for skip, text in (
            (2, f"Tangerang, {_long(sent)}"),
            (1, "Kepala Sekolah,"),
            (4, self.sheet.head),
        ):
            self.at += skip
            self.page.write_string(self.at, self._width - 2, text)


def _long(day: datetime) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
