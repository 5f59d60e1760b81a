"""An invented office app as nobody would want it, for any database: tables and their rows.

Rows are made so that every question of discovery has one right answer, which the tests name.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

ROWS = 1_020
FEW = 200
START = datetime.fromisoformat("2026-01-05 08:00:00")
FUTURE = datetime.fromisoformat("2099-01-01")
PASSWORD = "Rahasia&1"

Row = tuple[Any, ...]

# ``{q}`` is the database's quote of a name; types are those that all of them understand.
TABLES = """
create table pegawai (id integer primary key, nik varchar(16), nama_lengkap varchar(60),
  no_hp varchar(20), email varchar(60), kata_sandi varchar(80),
  alamat varchar(90), agama varchar(20), gaji decimal(12, 2), catatan varchar(200),
  dibuat_pada {time}, diubah_pada {time} not null);
create table {q}Surat Masuk.2026{q} ({q}Nomor Surat{q} varchar(30), {q}Order{q} integer,
  {q}group{q} varchar(10), {q}_kota_batch{q} integer, isi varchar(100));
create table absensi (pegawai_id integer, tanggal date, hadir integer);
create table layanan (id integer primary key, nama varchar(40), created_at {time},
  updated_at {time});
create table laporan (id integer primary key, judul varchar(60), created_at {time},
  updated_at {time});
create table loket (id integer primary key, created_at {time}, updated_at {time});
create table antrean (id integer primary key, layanan_id integer, last_modified {time});
create table siswa (id integer primary key, nama varchar(60), tgl_lahir date);
create table kosong (id integer primary key, nama varchar(10));
create table pegawai_old (id integer primary key, nik varchar(16), nama_lengkap varchar(60),
  no_hp varchar(20), email varchar(60), kata_sandi varchar(80),
  alamat varchar(90), agama varchar(20), gaji decimal(12, 2), catatan varchar(200),
  dibuat_pada {time}, diubah_pada {time});
create table tbl_bak_2019 (a integer);
create table ci_sessions (id varchar(40) primary key, data varchar(100));
create table activity_log (id integer primary key, what varchar(100));
create table migrations (id integer primary key, migration varchar(100));
create view v_pegawai as select id from pegawai;
"""
LEFT = {
    "kosong": "empty",
    "pegawai_old": "a copy of pegawai",
    "tbl_bak_2019": "a copy or a scratch table",
    "ci_sessions": "sessions",
    "activity_log": "a log",
    "migrations": "migrations",
    "v_pegawai": "a view",
}
TAKEN = {
    # name in the lake: key, mode, cursor
    "pegawai": (["id"], "incremental", "diubah_pada"),
    "surat_masuk_2026": (["Nomor Surat"], "snapshot", None),
    "absensi": ([], "snapshot", None),
    "layanan": (["id"], "snapshot", None),
    "laporan": (["id"], "snapshot", None),
    "loket": (["id"], "snapshot", None),
    "antrean": (["id"], "snapshot", None),
    "siswa": (["id"], "snapshot", None),
}

_FIRST = ("Siti", "Budi", "Dewi", "Agus", "Rina", "Wahyu", "Putri", "Joko")
_LAST = ("Santoso", "Lestari", "Wijaya", "Utami", "Hidayat", "Rahman", "Pratama")


def rows() -> Iterator[tuple[str, list[Row]]]:
    """The rows of each table that has some; times are naive."""
    numbers = range(1, ROWS + 1)
    times = [START + timedelta(hours=number) for number in numbers]
    people = [
        (
            number,
            f"367101{number % 28 + 1:02d}0390{number:04d}",
            f"{_FIRST[number % 8]} {_LAST[number % 7]}",
            f"0812-{number:04d}-567",
            f"orang{number}@contoh.example",
            "$2y$10$" + f"{number:053d}",
            f"Jl. Melati No. {number}",
            "Islam",
            4_500_000 + number,
            f"hubungi 08129876{number:04d}" if number % 40 == 0 else "-",
            time,
            # A third of them was changed later.
            time + timedelta(days=3 if number % 3 == 0 else 0),
        )
        for number, time in zip(numbers, times, strict=True)
    ]
    yield "pegawai", people
    yield "pegawai_old", people[:10]
    yield (
        "Surat Masuk.2026",
        [(f"S/{number:04d}", number % 7, "a", number % 5, "Perihal") for number in numbers],
    )
    yield "absensi", [(number % 20 + 1, "2026-02-01", 1) for number in numbers]
    yield "layanan", [(n, f"Layanan {n}", t, t) for n, t in zip(numbers, times, strict=True)]
    yield (
        "laporan",
        [
            (n, "Lampu mati", t, FUTURE if n == 7 else t + timedelta(hours=n % 5))
            for n, t in zip(numbers, times, strict=True)
        ],
    )
    few = [(n, t, t + timedelta(hours=n % 2)) for n, t in zip(numbers, times, strict=True)]
    yield "loket", few[:FEW]
    yield (
        "antrean",
        [(n, n % 9 + 1, None if n == 50 else t) for n, t in zip(numbers, times, strict=True)],
    )
    yield "siswa", [(n, f"{_FIRST[n % 8]} {_LAST[n % 7]}", "2015-03-09") for n in numbers]
    yield "tbl_bak_2019", [(1,)]
    yield "ci_sessions", [("abc", "x")]
    yield "activity_log", [(1, "x")]
    yield "migrations", [(1, "x")]


def values() -> set[str]:
    """Every text of the rows that is long enough to be told from a word of the draft."""
    return {
        value
        for table, lines in rows()
        if table in {"pegawai", "siswa"}
        for line in lines
        for value in line
        if isinstance(value, str) and len(value) > 5
    }
