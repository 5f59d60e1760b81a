"""Direct identifiers are found in any text of a mart, and never repeated."""

import duckdb
import pytest

from expectations.privacy import mask, scan_for_identifiers

IDENTIFIERS = [
    ("3671014505900001", "NIK"),
    ("NIK: 3671 0145 0590 0001.", "NIK"),
    ("081234567890", "phone number"),
    ("telp +62 812-3456-7890", "phone number"),
    ("(021) 5512345".replace(" ", "").replace("(", "").replace(")", ""), "phone number"),
    ("siti.aminah@example.co.id", "e-mail address"),
]
HARMLESS = [
    "36.71.01.1001",
    "LKS-2026-000123",
    "laksa:123456789",
    "2026-11-22 08:00:00",
    "Rp 1.250.000.000.000",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c1234567890123456ab",
]


@pytest.mark.parametrize(("value", "kind"), IDENTIFIERS)
def test_an_identifier_is_found_and_not_told(value: str, kind: str) -> None:
    with duckdb.connect() as con:
        con.execute("create schema marts; create table marts.fct (id bigint, service_name text)")
        con.execute("insert into marts.fct values (1, 'Jalan rusak'), (2, ?)", [value])

        [result] = scan_for_identifiers(con)

    assert not result.passed
    assert result.numbers == {f"values like a {kind} in service_name": 1}
    assert value not in result.model_dump_json()
    assert value not in mask(f"Conversion Error: could not convert {value}")


def test_a_nik_kept_as_a_number_is_found() -> None:
    with duckdb.connect() as con:
        con.execute("create schema marts; create table marts.fct as select 3671014505900001 as id")

        [result] = scan_for_identifiers(con)

    assert result.numbers == {"values like a NIK in id": 1}


def test_codes_numbers_and_hashes_are_not_identifiers() -> None:
    with duckdb.connect() as con:
        con.execute("create schema marts; create table marts.fct (value text)")
        con.executemany("insert into marts.fct values (?)", [[value] for value in HARMLESS])

        [result] = scan_for_identifiers(con)

    assert result.passed, result.numbers
