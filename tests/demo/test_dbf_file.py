"""DBF files as written here are what another program reads."""

from datetime import date
from pathlib import Path

import dbf
import numpy as np
import pyarrow as pa
import pytest

from demo.dbf_file import DbfField, dbf_bytes

FIELDS = [
    DbfField("NAMA", "C", 8),
    DbfField("JUMLAH", "N", 6),
    DbfField("TGL", "D"),
]


def _rows(names: list[str | None], numbers: list[int | None], days: list[date | None]) -> pa.Table:
    return pa.table(
        {"NAMA": names, "JUMLAH": pa.array(numbers, pa.int64()), "TGL": pa.array(days, pa.date32())}
    )


def test_another_program_reads_what_was_written(tmp_path: Path) -> None:
    first = _rows(
        ["Café’s", None, "terlalu panjang"], [-12, None, 999_999], [date(2026, 8, 31), None, None]
    )
    second = _rows(["Łódź"], [0], [date(1999, 1, 2)])
    chunks = [(first, np.array([False, True, False])), (second, np.array([False]))]
    path = tmp_path / "a.dbf"
    path.write_bytes(dbf_bytes(FIELDS, date(2026, 6, 10), chunks))

    with dbf.Table(str(path)).open(dbf.READ_ONLY) as table:
        found = [(dbf.is_deleted(row), row.nama.rstrip(), row.jumlah, row.tgl) for row in table]
        assert table.codepage.name == "cp1252"
        assert table.last_update == date(2026, 6, 10)
    assert found == [
        (False, "Café’s", -12, date(2026, 8, 31)),
        (True, "", None, None),
        (False, "terlalu", 999_999, None),
        (False, "?ód?", 0, date(1999, 1, 2)),
    ]


def test_a_number_that_does_not_fit_is_refused() -> None:
    chunk = _rows(["a"], [1_000_000], [None]), np.array([False])
    with pytest.raises(ValueError, match="wider than JUMLAH"):
        dbf_bytes(FIELDS, date(2026, 6, 10), [chunk])
    with pytest.raises(ValueError, match="1 to 10 plain letters"):
        DbfField("TERLALUPANJANG", "C", 1)
