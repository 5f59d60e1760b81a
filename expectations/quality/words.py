"""What officials read: Indonesian names of what the audit knows in English, and numbers."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

VERDICTS = {"pass": "Lulus", "warn": "Lulus dengan catatan", "fail": "Gagal"}
PARTS = {
    "expectations": "Aturan isi tabel",
    "reconciliation": "Rekonsiliasi",
    "privacy": "Pelindungan data pribadi",
}
SEVERITIES = {"critical": "Kritis", "warning": "Peringatan"}
RULES = {
    "missing_key": "Kunci kosong",
    "duplicate_key": "Kunci ganda",
    "undecodable_value": "Nilai tidak terbaca",
    "required": "Wajib diisi, tetapi kosong",
    "domain": "Di luar daftar nilai",
    "pattern": "Bentuk tidak sesuai",
    "reference": "Rujukan tidak ditemukan",
    "malformed_line": "Baris berkas rusak",
    "malformed_record": "Rekaman rusak",
    "malformed_feed": "Umpan berita rusak",
}
NUMBERS = {
    "failing": "tidak lulus",
    "rows": "baris",
    "observed": "teramati",
    "source": "sumber",
    "lake": "lake",
    "staging": "staging",
    "fact": "fakta",
    "quarantined": "karantina",
    "left out": "dilepas",
    "difference": "selisih",
    "tolerance": "toleransi",
    "recorded": "tercatat",
    "at most": "paling banyak",
    "erased at most": "dihapus paling banyak",
}
DRIFTS = {
    "new_column": "Kolom baru",
    "gone_column": "Kolom hilang",
    "back_column": "Kolom kembali",
    "widened_column": "Tipe diperluas",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
ACROSS = ("lintas", "Lintas perangkat daerah")
"""The department of what several departments feed."""


def number(value: float | None, digits: int = 2) -> str:
    """``1.250.000``, ``98,5``; a dash where there is none."""
    if value is None:
        return "–"
    if float(value).is_integer():
        return f"{int(value):,}".replace(",", ".")
    text = f"{value:,.{digits}f}".rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def day(value: date | None) -> str:
    """``16 Nov 2026``."""
    return "–" if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | None, timezone: str) -> str:
    """``16 Nov 2026 08.15`` on the city's clock."""
    if value is None:
        return "–"
    local = value.astimezone(ZoneInfo(timezone))
    return f"{day(local.date())} {local:%H.%M}"


def zone(value: datetime, timezone: str) -> str:
    """``WIB``."""
    return value.astimezone(ZoneInfo(timezone)).tzname() or timezone


def numbers(values: Mapping[str, float | None]) -> str:
    """``sumber 1.250 · lake 1.248``."""
    return " · ".join(
        f"{NUMBERS.get(name, name)} {number(value)}" for name, value in values.items()
    )


def end(text: str) -> str:
    """The least or greatest value of a column: a number, a day, or a time in UTC."""
    try:
        return number(float(text))
    except ValueError:
        pass
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (
        day(value.date())
        if len(text) <= len("2026-11-16")
        else f"{day(value.date())} {value:%H.%M} UTC"
    )
