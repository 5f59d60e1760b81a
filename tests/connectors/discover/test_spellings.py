"""What texts of a column are taken for."""

import pytest

from connectors.discover.spellings import find_spelling

NUMBERS = [str(number) for number in range(30)]


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("jumlah", [*NUMBERS, "-"], ("BIGINT", (), ".")),
        ("kode_pos", ["15111", "15112"], (None, (), ".")),
        ("loket", ["1", "02"], (None, (), ".")),
        ("id_pel", ["3671010101900001", "3671010101900002"], (None, (), ".")),
        ("harga", ["12.50", "-3", "1000.5"], ("DECIMAL(18,2)", (), ".")),
        ("harga", ["1.500.000,25", "3", "12,5"], ("DECIMAL(18,2)", (), ",")),
        ("harga", ["1.500.000", "12.000"], ("BIGINT", (), ",")),
        ("tinggi", ["1.500", "2.125"], ("DECIMAL(18,3)", (), ".")),
        ("harga", ["1,500", "2,125,000"], (None, (), ".")),
        ("nilai", [*NUMBERS, "3.67101E+15", "4,2E+11"], (None, (), ".")),
        ("tgl", ["13/01/2026", "02/03/2026"], ("DATE", ("%d/%m/%Y",), ".")),
        ("tgl", ["01/13/2026", "02/03/2026"], ("DATE", ("%m/%d/%Y",), ".")),
        ("tgl", ["01/02/2026"], ("DATE", ("%d/%m/%Y",), ".")),
        ("tgl", ["2026-01-31", "0000-00-00"], ("DATE", (), ".")),
        ("tgl", ["20260131", "20261105"], ("DATE", ("%Y%m%d",), ".")),
        ("kunci", ["20260131", "20261105"], ("BIGINT", (), ".")),
        ("w", ["2026-01-31T08:00:00+07:00"], ("TIMESTAMPTZ", (), ".")),
        ("w", ["31-01-2026 08:15"], ("TIMESTAMP", ("%d-%m-%Y %H:%M",), ".")),
        ("w", ["31-Jan-26", "1-Dec-25"], ("DATE", ("%d-%b-%y",), ".")),
        ("w", ["5 Januari 2026", "6 Mei 2026"], (None, (), ".")),
        ("aktif", ["true", "false"], ("BOOLEAN", (), ".")),
    ],
)
def test_types_and_how_they_are_spelt(
    name: str, values: list[str], expected: tuple[str | None, tuple[str, ...], str]
) -> None:
    found = find_spelling(name, values)
    assert (found.type, found.formats, found.decimal) == expected


def test_what_a_person_has_to_decide_is_said() -> None:
    assert "no value tells day from month" in find_spelling("tgl", ["01/02/2026"]).remark
    assert "year 1, 1900" in find_spelling("tgl", ["1900-01-01", "2026-01-31"]).remark
    assert "cut digits off" in find_spelling("nik", ["3,67E+15", "x"]).remark
    assert "thousands are decimal" in find_spelling("tinggi", ["1.500"]).remark
    assert "1 of 31 different values are not" in find_spelling("n", [*NUMBERS, "tiga"]).remark
    assert find_spelling("n", ["-", "5"]).nulls == ("-",)
