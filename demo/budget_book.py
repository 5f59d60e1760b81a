"""A year's budget as a workbook: a sheet a department, for people to read, not for programs."""

from datetime import datetime
from io import BytesIO
from typing import Any

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from demo.budget import Budgets, Figures, office_lines
from demo.budget_plan import MONTHS, OFFICES, Office

SUMMARY_SHEET = "REKAP"
_WIDTH = 2 + 1 + len(MONTHS) + 3
_TITLE_ROWS = 3
_MONTH_NAMES = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip


def file_name(year: int) -> str:
    """The year's workbook; every month's version has the same name."""
    return f"APBD_{year}.xlsx"


def book_bytes(budgets: Budgets, year: int) -> bytes:
    """The workbook as sent on ``budgets.sent_of(year)``: same city, same day, same bytes."""
    held = BytesIO()
    with Workbook(held, {"in_memory": True}) as book:
        sent = budgets.sent_of(year)
        # The time of writing would make two files of one content differ.
        book.set_properties(
            {
                "author": "BPKD",
                "created": datetime(sent.year, sent.month, sent.day),  # noqa: DTZ001  (no zone in it)
            }
        )
        figures = [budgets.figures(year, place) for place in range(len(OFFICES))]
        formats = {
            "title": book.add_format({"bold": True, "align": "center"}),
            "name": book.add_format({"bold": True, "border": 1, "align": "center"}),
            "amount": book.add_format({"num_format": "#,##0"}),
            "percent": book.add_format({"num_format": "0.00%"}),
        }
        _write_summary(book.add_worksheet(SUMMARY_SHEET), formats, year, figures)
        for place, office in enumerate(OFFICES):
            sheet = _Sheet(book.add_worksheet(office.sheet), formats, budgets, year, office)
            sheet.write(place, figures[place])
    return held.getvalue()


def _write_summary(
    sheet: Worksheet, formats: dict[str, Any], year: int, figures: list[Figures]
) -> None:
    """The first sheet has every department's total once more: read too, it would count double."""
    sheet.merge_range(0, 0, 0, 3, f"REKAPITULASI BELANJA DAERAH TAHUN {year}", formats["title"])
    for place, name in enumerate(("No", "OPD", "Pagu (Rp)", "Realisasi")):
        sheet.write_string(2, place, name, formats["name"])
    for number, (office, of_office) in enumerate(zip(OFFICES, figures, strict=True), start=1):
        sheet.write_number(2 + number, 0, number)
        sheet.write_string(2 + number, 1, office.name)
        sheet.write_number(2 + number, 2, int(of_office.budget[0]), formats["amount"])
        sheet.write_number(2 + number, 3, int(of_office.spent[0].sum()), formats["amount"])


class _Sheet:
    """One department's sheet while it is being written, from top to bottom."""

    def __init__(
        self,
        sheet: Worksheet,
        formats: dict[str, Any],
        budgets: Budgets,
        year: int,
        office: Office,
    ) -> None:
        self._sheet = sheet
        self._formats = formats
        self._budgets = budgets
        self._year = year
        self._office = office
        self._row = 0

    def write(self, place: int, figures: Figures) -> None:
        """Titles, header, lines with a sum after each programme, total, and signature."""
        self._write_titles()
        self._write_header()
        lines, _ = office_lines()[place]
        programme: int | None = None
        for at, line in enumerate(lines):
            if at > 1 and line.code.count(".") == 2:
                self._write_sum(programme, lines, figures)
                programme = at
            # In the sheets typed as text, the treasurer ends a code with a point.
            code = f"{line.code}." if self._office.writes_text else line.code
            self._write_line(code, line.name, int(figures.budget[at]), figures.spent[at])
        self._write_sum(programme, lines, figures)
        self._write_line("JUMLAH BELANJA", "", int(figures.budget[0]), figures.spent[0])
        self._write_signature()

    def _write_titles(self) -> None:
        months = self._budgets.months(self._year)
        until = f"S.D. {_MONTH_NAMES[months - 1].upper()} " if months else ""
        revised = " PERUBAHAN" if self._budgets.is_revised(self._year) else ""
        titles = [
            "PEMERINTAH KOTA TANGERANG",
            f"LAPORAN REALISASI APBD{revised} {until}TAHUN ANGGARAN {self._year}",
            f"OPD : {self._office.name}",
        ]
        if self._office.writes_text:
            titles.insert(2, "(dalam rupiah)")
        for title in titles:
            self._sheet.merge_range(
                self._row, 0, self._row, _WIDTH - 1, title, self._formats["title"]
            )
            self._row += 1
        self._row += 1

    def _write_header(self) -> None:
        name, top = self._formats["name"], self._row
        last = 3 + len(MONTHS)
        for place, text in ((0, "Kode"), (1, "Uraian"), (2, "Pagu (Rp)")):
            self._sheet.merge_range(top, place, top + 1, place, text, name)
        self._sheet.merge_range(top, 3, top, last - 1, "Realisasi", name)
        for place, text in enumerate(MONTHS, start=3):
            self._sheet.write_string(top + 1, place, text, name)
        for place, text in enumerate(("Jumlah", "%", "Sisa Pagu"), start=last):
            self._sheet.merge_range(top, place, top + 1, place, text, name)
        for place in range(_WIDTH):
            self._sheet.write_string(top + 2, place, f"({place + 1})", name)
        self._row += 3

    def _write_sum(self, programme: int | None, lines: list[Any], figures: Figures) -> None:
        if programme is None:
            return
        name = f"Jumlah {lines[programme].name}"
        budget, spent = int(figures.budget[programme]), figures.spent[programme]
        self._write_line("", name, budget, spent)

    def _write_line(self, code: str, name: str, budget: int, spent: Any) -> None:
        if code:
            self._sheet.write_string(self._row, 0, code)
        if name:
            self._sheet.write_string(self._row, 1, name)
        self._write_amount(2, budget)
        for place, amount in enumerate(spent, start=3):
            self._write_amount(place, int(amount))
        # Months to come are empty, or a dash where amounts are typed.
        if self._office.writes_text:
            for place in range(3 + len(spent), 3 + len(MONTHS)):
                self._sheet.write_string(self._row, place, "-")
        total = int(np.sum(spent))
        last = 3 + len(MONTHS)
        self._write_amount(last, total)
        share = total / budget if budget else 0.0
        if self._office.writes_text:
            text = f"{share * 100:.2f}".replace(".", ",")
            self._sheet.write_string(self._row, last + 1, f"{text}%")
        else:
            self._sheet.write_number(self._row, last + 1, share, self._formats["percent"])
        self._write_amount(last + 2, budget - total)
        self._row += 1

    def _write_amount(self, place: int, amount: int) -> None:
        if self._office.writes_text:
            text = f"{amount:,},00".replace(",", ".", f"{amount:,}".count(","))
            self._sheet.write_string(self._row, place, text)
        else:
            self._sheet.write_number(self._row, place, amount, self._formats["amount"])

    def _write_signature(self) -> None:
        sent = self._budgets.sent_of(self._year)
        place = 3 + len(MONTHS)
        for text in (
            f"Tangerang, {sent.day} {_MONTH_NAMES[sent.month - 1]} {sent.year}",
            "Kuasa Pengguna Anggaran",
            None,
            "(................................)",
            "NIP.",
        ):
            if text:
                self._sheet.write_string(self._row + 1, place, text)
            self._row += 1
