"""Mentions of a small town, with the people an exact key would mix up."""

from collections.abc import Iterable
from datetime import date, timedelta

import duckdb
import pyarrow as pa

GIVEN = """
    Budi Siti Ahmad Dewi Rudi Rina Joko Wati Agus Rini Bayu Maya Hendra Nina Fajar Indah
""".split()  # noqa: SIM905  (a list of quoted words reads worse)
FAMILY = """
    Santoso Wijaya Nasution Siregar Lubis Pratama Hidayat Kurniawan Saputra Lestari Utami Hakim
    Setiawan Rahman Gunawan Permana Susanto Firmansyah Ginting Simatupang
""".split()  # noqa: SIM905
MIDDLE = ["Adi", "Putra", "Eka", "Nur", "Bagus", "Surya", "Mega", "Intan", "Kartika", "Wahyu"]

COLUMNS = {
    "source_app": "varchar", "source_table": "varchar", "record_key": "varchar", "nik": "varchar",
    "nik_raw": "varchar", "name_key": "varchar", "name_raw": "varchar", "birth_date": "date",
    "is_birth_date_sure": "boolean", "sex": "varchar", "kelurahan_code": "varchar",
    "kecamatan_code": "varchar", "street_key": "varchar", "neighbourhood": "varchar",
    "phone": "varchar", "parent_name_key": "varchar", "other_parent_name_key": "varchar",
    "child_table": "varchar", "child_key": "varchar", "family_card_number": "varchar",
    "recorded_at": "timestamptz",
}  # fmt: skip
Row = dict[str, object]


def townsman(number: int) -> Row:
    """A citizen: number decides everything, and no two are alike."""
    born = date(1950, 2, 2) + timedelta(days=(number * 7919) % 21_000)
    is_woman = number % 2 == 1
    name = " ".join(
        (GIVEN[number % 16], MIDDLE[number // 16 % 10], FAMILY[(number * 3 + number // 160) % 20])
    ).upper()
    nik = f"367106{born.day + 40 * is_woman:02}{born:%m%y}{1 + number:04}"
    return {
        "nik": nik,
        "name_key": name,
        "birth_date": born,
        "sex": "female" if is_woman else "male",
        "kelurahan_code": f"36.71.06.10{1 + number % 8:02}",
        "kecamatan_code": "36.71.06",
        "phone": f"+62812{10_000_000 + number * 7}",
    }


def mention(app: str, key: object, person: Row, **changed: object) -> Row:
    """A row of an app about a person, with what the app has otherwise."""
    row: Row = {
        **person,
        **changed,
        "source_app": app,
        "source_table": "orang",
        "record_key": str(key),
    }
    row.setdefault("is_birth_date_sure", row["birth_date"] is not None)
    return (
        dict.fromkeys(COLUMNS)
        | row
        | {
            "nik_raw": row["nik"],
            "name_raw": row["name_key"],
            "recorded_at": "2026-01-01 00:00:00+00",
        }
    )


def town(people: int = 600) -> list[Row]:
    """A register of everybody, and a clinic that a half of them went to, a tenth without NIK."""
    rows = [
        mention("siak", n, townsman(n), phone=None, family_card_number=f"card {n}")
        for n in range(people)
    ]
    rows += [
        mention("klinik", n, townsman(n), nik=None if n % 20 == 0 else townsman(n)["nik"])
        for n in range(0, people, 2)
    ]
    return rows


def relation(
    con: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Row]
) -> duckdb.DuckDBPyRelation:
    """The rows as a table of mentions."""
    given = pa.Table.from_pylist([dict(row) for row in rows])  # noqa: F841  (DuckDB finds it)
    casts = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in COLUMNS.items())
    con.execute(f"create or replace table {name} as select {casts} from given")
    return con.table(name)
