"""The budget office's workbooks, and the rows that are in them."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pyarrow as pa

from demo.budget import Budgets, office_lines
from demo.budget_book import book_bytes, file_name
from demo.budget_plan import MONTHS, OFFICES
from demo.days import HOUR, midnight
from demo.dice import Ints
from demo.drops import DropFile
from demo.table import Table


def anggaran_files(budgets: Budgets) -> Iterator[DropFile]:
    """A workbook a year, sent again on the fifth of each month."""
    for year in budgets.years:
        sent = midnight(budgets.sent_of(year)) + 10 * HOUR
        yield DropFile(file_name(year), sent, partial(book_bytes, budgets, year))


def anggaran_tables(budgets: Budgets) -> list[Table]:
    """One table: every coded row of every department's sheet, amounts as numbers.

    Most of them are sums of others; the truth lists those as ``subtotal``.
    """
    rows, ids, is_leaf, is_text = [], [], [], []
    for year in budgets.years:
        for place, office in enumerate(OFFICES):
            figures = budgets.figures(year, place)
            for at, line in enumerate(office_lines()[place][0]):
                code = f"{line.code}." if office.writes_text else line.code
                spent = figures.spent[at].tolist()
                months = [*spent, *[None] * (len(MONTHS) - len(spent))]
                ids.append((year * 100 + place) * 1000 + at)
                is_leaf.append(line.is_leaf)
                is_text.append(office.writes_text)
                rows.append(
                    {
                        "baris": f"{file_name(year)}/{office.sheet}/{code}",
                        "_file": file_name(year),
                        "_sheet": office.sheet,
                        "Kode": code,
                        "Uraian": line.name,
                        "Pagu (Rp)": int(figures.budget[at]),
                        **{
                            f"Realisasi {month}": amount
                            for month, amount in zip(MONTHS, months, strict=True)
                        },
                        "Jumlah": sum(spent),
                    }
                )
    table = pa.Table.from_pylist(rows)
    numbers = np.array(ids)
    return [
        Table(
            "belanja",
            "baris",
            numbers,
            np.array([_revision(budgets, number // 100_000) for number in ids]),
            lambda at: table.take(pa.array(at)),
            lambda found: _keys(table, numbers, found),
            dirt={
                "subtotal": numbers[~np.array(is_leaf)],
                "amounts_as_text": numbers[np.array(is_text)],
            },
        )
    ]


def _revision(budgets: Budgets, year: int) -> int:
    return budgets.months(year)


def _keys(table: pa.Table, numbers: Ints, found: Ints) -> pa.Array:
    return table["baris"].combine_chunks().take(pa.array(np.searchsorted(numbers, found)))
