"""The permits a citizen can apply for, and the stages they go through."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PermitType:
    """One row of ``jenis_izin``; ``days`` are working days promised, ``fee`` rupiah."""

    code: str
    name: str
    department: str
    days: int
    fee: int
    weight: float
    survey: bool


PERMIT_TYPES = (
    PermitType("PBG", "Persetujuan Bangunan Gedung", "dpupr", 28, 2_400_000, 14, True),
    PermitType("SLF", "Sertifikat Laik Fungsi", "perkimtan", 14, 1_100_000, 5, True),
    PermitType("KRK", "Keterangan Rencana Kota", "dpupr", 7, 0, 9, False),
    PermitType("GALIAN", "Izin Galian Utilitas", "dpupr", 10, 750_000, 2, True),
    PermitType("SIPDR", "Surat Izin Praktik Dokter", "dinkes", 5, 0, 12, False),
    PermitType("SIPBD", "Surat Izin Praktik Bidan", "dinkes", 5, 0, 10, False),
    PermitType("SIPAP", "Surat Izin Praktik Apoteker", "dinkes", 5, 0, 7, False),
    PermitType("IOK", "Izin Operasional Klinik", "dinkes", 14, 0, 2, True),
    PermitType("REKLAME", "Izin Penyelenggaraan Reklame", "dpmptsp", 5, 350_000, 11, True),
    PermitType("TRAYEK", "Izin Trayek Angkutan", "dishub", 7, 250_000, 3, False),
    PermitType("PARKIR", "Izin Penyelenggaraan Parkir", "dishub", 7, 500_000, 3, True),
    PermitType("SPPL", "Surat Pernyataan Pengelolaan Lingkungan", "dlh", 5, 0, 7, False),
    PermitType("IPLC", "Izin Pembuangan Limbah Cair", "dlh", 14, 1_250_000, 1, True),
    PermitType("TDG", "Tanda Daftar Gudang", "disperindag", 5, 0, 3, False),
    PermitType("KIOS", "Izin Pemakaian Kios Pasar", "disperindag", 5, 150_000, 4, False),
    PermitType("PAUD", "Izin Pendirian PAUD", "disdik", 10, 0, 2, True),
    PermitType("PUB", "Izin Pengumpulan Uang atau Barang", "dinsos", 7, 0, 1, False),
    PermitType("MAKAM", "Izin Penggunaan Tanah Makam", "perkimtan", 3, 100_000, 4, False),
)
RETIRED_TYPE = PermitType("HO", "Izin Gangguan", "dpmptsp", 14, 300_000, 0, True)
"""Abolished by Permendagri 19/2017; still in the table, switched off."""

OFFICERS = (
    "Rahmat Hidayat", "Siti Nurhaliza", "Agus Priyanto", "Dewi Kartika", "Yohanes Simatupang",
    "Lina Marlina", "Bambang Sutrisno", "Nur Aini", "Eko Wahyudi", "Maya Sartika",
)  # fmt: skip
METHODS = ("transfer bank", "virtual account", "QRIS", "loket")
