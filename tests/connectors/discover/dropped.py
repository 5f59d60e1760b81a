"""Files as city offices send them, in every dialect that discovery has to tell apart."""

import json
import os
import time
import zipfile
from datetime import date
from pathlib import Path

import dbf
import openpyxl

_FIRST = ("Siti", "Budi", "Dewi", "Agus", "Rina", "Wahyu", "Putri", "Joko")
_LAST = ("Santoso", "Lestari", "Wijaya", "Utami", "Hidayat", "Rahman", "Pratama")


def person(number: int) -> str:
    """An invented name."""
    return f"{_FIRST[number % 8]} {_LAST[number % 7]}"


def nik(number: int) -> str:
    """An invented NIK."""
    return f"367101{number % 28 + 1:02d}0390{number:04d}"


def write_drop(folder: Path) -> None:
    """The whole drop, old enough to be read."""
    for week, rows in enumerate((range(300), range(3, 310)), start=1):
        _put(folder / f"siak/penduduk_2026-11-0{week}.csv", _residents(rows), age=9000 - week)
    _put(folder / "siak/penduduk_pindah_2026-11-08.csv", b"id,ke\n1,a\n2,b\n", age=9000)
    for day in (1, 2):
        _put(folder / f"transaksi-2026110{day}.csv", _transactions(day), age=9000 - day)
        _put(folder / f"kegiatan-2026110{day}.csv", _activities(day), age=9000 - day)
        _zip(folder / f"SIAK-2026110{day}.zip", day)
        _put(folder / f"SIAK-2026110{day}.zip.done", b"", age=8000 - day)
    _put(folder / "harga pasar.csv", _prices())
    _put(folder / "sensor_1.txt", _sensors())
    _workbook(folder / "laporan_januari_2026.xlsx")
    _dbf(folder / "wp.dbf")
    _put(folder / "izin.json", _permits())
    rows = "".join(f"<izin id='{n}'><tgl>{n + 10}-11-2026</tgl></izin>" for n in range(9))
    _put(folder / "lama/izin.xml", f"<data>{rows}</data>".encode())
    _put(folder / "manual.pdf", b"x")
    _put(folder / "sedang.csv.part", b"x")


def _put(path: Path, content: bytes | None, age: float = 5000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is not None:
        path.write_bytes(content)
    then = time.time() - age
    os.utime(path, (then, then))


def _residents(rows: range) -> bytes:
    lines = ["NIK;NAMA;TGL LAHIR;NO HP;PENGELUARAN;JUMLAH ANAK;E-Mail;CATATAN"]
    lines += [
        f"{nik(n)};{person(n)} é;{n % 28 + 1:02d}/{n % 12 + 1:02d}/"
        f"{1980 + n % 20 if n % 50 else 1900};0812{n:08d};1.0{n % 90 + 10},50;"
        f"{n % 5 if n % 9 else '-'};orang{n}@contoh.example;x"
        for n in rows
    ]
    return "\r\n".join(lines).encode("cp1252")


def _transactions(day: int) -> bytes:
    rows = range(day * 200, day * 200 + 150)
    lines = [
        f"{place},TX{n:05d},2026-11-{n % 28 + 1:02d},{n * 1.5}" for place, n in enumerate(rows, 1)
    ]
    return "\n".join(["no,id_transaksi,tanggal,jumlah", *lines]).encode()


def _activities(day: int) -> bytes:
    """Numbers that begin anew in each file and mean something else there."""
    rows = "".join(f"{n},Hari {day} acara {n % 60}\n" for n in range(150, 0, -1))
    return f"urutan,uraian\n{rows}".encode()


def _zip(path: Path, day: int) -> None:
    families = "".join(f"36710{n:011d},Jl. Mawar {n}\n" for n in range(110 + day))
    moves = "".join(f"{n},datang\n" for n in range(day * 200, day * 200 + 110))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"kk_{day}.csv", f"no_kk,alamat\n{families}")
        archive.writestr("mutasi.csv", f"id,jenis\n{moves}")
    _put(path, None, age=9000 - day)


def _prices() -> bytes:
    rows = "".join(f"Beras {n},Anyar,{12000 + n}\n" for n in range(40))
    title, footer = "Laporan Harga\nNovember 2026\n\n", "Total,,99\nDicetak oleh sistem,,\n"
    return f"{title}Komoditas,Pasar,Harga\n{rows}{footer}".encode()


def _sensors() -> bytes:
    return "".join(f"S{n % 3}\t2026-11-01 0{n % 10}:00:00\t{n / 10}\n" for n in range(60)).encode()


def _workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Data"
    for title in ("DINAS KESEHATAN", "Laporan 2026", None):
        sheet.append([title])
    sheet.merge_cells("A1:E1")
    sheet.append(["No", "Puskesmas", "Kunjungan", None, "Tanggal"])
    sheet.append([None, None, "L", "P", None])
    sheet.merge_cells("C4:D4")
    for n in range(20):
        sheet.append([n + 1, f"PKM {n}", n * 2, n * 3.5, date(2026, 1, n + 1)])
    sheet.append(["Total", None, 3, 4])
    book.create_sheet("Kosong")
    book.save(path)
    _put(path, None)


def _dbf(path: Path) -> None:
    fields = "NOP C(18); NAMA C(30); LUAS N(10,2); TGL D; LUNAS L"
    table = dbf.Table(str(path), fields, codepage="cp850", dbf_type="db3")
    with table.open(dbf.READ_WRITE):
        for n in range(120):
            table.append((f"3671{n:014d}", person(n), n * 1.5, dbf.Date(2026, 1, n % 28 + 1), True))
    _put(path, None)


def _permits() -> bytes:
    rows = [
        {
            "id": n,
            "pemohon": {"nama": person(n), "email": f"pemohon{n}@contoh.example"},
            "nilai": n * 2.5,
        }
        for n in range(120)
    ]
    return json.dumps({"status": "ok", "data": rows}).encode()
