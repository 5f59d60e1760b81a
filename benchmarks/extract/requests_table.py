"""The table that is extracted: 14 columns with text, decimals and dates, the same every time."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

TABLE = "requests"
KEY = "id"
CURSOR = "updated_at"

MARIADB_COLUMNS = """
    id BIGINT NOT NULL PRIMARY KEY,
    reference VARCHAR(24) NOT NULL,
    citizen_name VARCHAR(80) NOT NULL,
    nik CHAR(16),
    address VARCHAR(160),
    category VARCHAR(40) NOT NULL,
    note TEXT,
    amount DECIMAL(14,2) NOT NULL,
    tax DECIMAL(10,4),
    district INT NOT NULL,
    born DATE,
    paid_on DATE,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL
"""
POSTGRES_COLUMNS = MARIADB_COLUMNS.replace("DATETIME", "TIMESTAMP")

_NAMES = "['Siti Aminah', 'Budi Santoso', 'Dewi Lestari', 'Agus Wijaya', 'Rina Marlina', 'Joko S.']"
_ROADS = "['Jl. Merdeka', 'Jl. Veteran', 'Gg. Melati', 'Jl. KH Hasyim Ashari', 'Jl. Daan Mogot']"
_TOPICS = "['jalan rusak', 'sampah', 'lampu jalan', 'banjir', 'izin usaha', 'air bersih']"
_WORDS = (
    "['mohon segera diperbaiki', 'sudah tiga hari', 'di depan sekolah', 'menunggu tanggapan',"
    " 'dekat pasar lama', 'setiap malam', 'terima kasih', 'warga resah']"
)


def write_rows(path: Path, rows: int) -> None:
    """Write the rows as tab-separated text that MariaDB and PostgreSQL both load; NULL is \\N."""
    with duckdb.connect() as con:
        con.execute(
            f"copy ({rows_sql(rows)}) to '{path}' "
            "(format csv, delimiter '\t', header false, nullstr '\\N', quote '', escape '')"
        )


def rows_sql(rows: int) -> str:
    """The rows as a DuckDB query. Every value follows from the row's number."""

    def roll(salt: int, sides: int) -> str:
        return f"cast(hash(id, {salt}) % {sides} as bigint)"

    def pick(salt: int, words: str) -> str:
        return f"({words})[1 + {roll(salt, words.count(', ') + 1)}]"

    note = " || ' ' || ".join(pick(salt, _WORDS) for salt in range(20, 24))
    created = f"timestamp '2020-01-01' + to_seconds({roll(8, 150_000_000)})"
    return f"""
        select
            id,
            'PGD-' || lpad(id::varchar, 10, '0') as reference,
            {pick(1, _NAMES)} || ' ' || {roll(2, 10_000)} as citizen_name,
            case when {roll(3, 10)} > 0
                then '367101' || lpad(({roll(4, 10_000_000_000)})::varchar, 10, '0') end as nik,
            {pick(5, _ROADS)} || ' No. ' || {roll(6, 300)} || ', RT 0' || {roll(7, 9)} as address,
            {pick(9, _TOPICS)} as category,
            case when {roll(10, 20)} > 0 then {note} end as note,
            ({roll(11, 1_000_000_000)} / 100)::decimal(14, 2) as amount,
            case when {roll(12, 5)} > 0
                then ({roll(13, 10_000_000)} / 10000)::decimal(10, 4) end as tax,
            {roll(14, 13)}::int as district,
            date '1950-01-01' + {roll(15, 20_000)}::int as born,
            case when {roll(16, 4)} > 0
                then date '2020-01-01' + {roll(17, 1800)}::int end as paid_on,
            {created} as created_at,
            {created} + to_seconds({roll(18, 5_000_000)}) as updated_at
        from range(1, {rows + 1}) as numbers(id)
    """


def changed_ids(rows: int, count: int, seed: int) -> list[int]:
    """So many different row numbers all over the table."""
    with duckdb.connect() as con:
        found = con.execute(
            f"select id from range(1, {rows + 1}) as numbers(id) "
            f"order by hash(id, {1000 + seed}) limit {count}"
        ).fetchall()
    return [row[0] for row in found]


def blocks(path: Path, size: int = 1 << 20) -> Iterator[bytes]:
    """The file in pieces, for a COPY."""
    with path.open("rb") as file:
        while block := file.read(size):
            yield block
