"""What an incident is told as, in Indonesian: what broke, since when, what it blocks, what to do.

Nothing that stands in a row gets in: sentences come from ``alerts.trouble`` and names from the
registry and the models.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.blocked import Blocked
from alerts.incident import Event, Incident
from alerts.trouble import Kind

MOST_DETAILS = 10
MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


@dataclass(frozen=True)
class Words:
    """The texts of one kind of trouble."""

    title: str
    happened: str
    effect: str
    todo: str
    over: str


WORDS: dict[Kind, Words] = {
    "extract_failed": Words(
        "data tidak dapat dibaca",
        "Data aplikasi ini tidak dapat dibaca pada pengambilan terakhir.",
        "Angka tetap tampil, tetapi berhenti pada pengambilan terakhir yang berhasil:",
        "Periksa apakah aplikasi menyala, alamat dan akun bacanya masih berlaku, dan bentuk "
        "tabelnya tidak berubah (lihat rincian). Pengambilan diulang sendiri; untuk segera "
        "mengulang: kota extract {app}.",
        "Data aplikasi ini dapat dibaca kembali.",
    ),
    "held": Words(
        "data terbaru ditahan",
        "Data terbaru aplikasi ini tidak lolos pemeriksaan, sehingga ditahan.",
        "Angka tetap tampil dalam keadaan baik yang terakhir, dengan tanda «Ditahan sejak»:",
        "Perbaiki data di aplikasi asalnya sesuai rincian, atau beri tahu pengelola data bila "
        "data itu benar. Data dilepas sendiri begitu lolos pemeriksaan.",
        "Data terbaru lolos pemeriksaan dan tampil kembali.",
    ),
    "stale": Words(
        "data terlambat",
        "Data aplikasi ini lebih tua daripada yang dijanjikan.",
        "Angka tetap tampil dengan tanda «Terlambat»:",
        "Periksa apakah aplikasi dapat dibaca dan jadwal pengambilannya berjalan (kota status).",
        "Data aplikasi ini terkini kembali.",
    ),
    "quarantine": Words(
        "banyak catatan ditolak",
        "Banyak catatan aplikasi ini ditolak karena melanggar aturan isi.",
        "Catatan itu tidak terhitung pada:",
        "Perbaiki isinya di aplikasi asal; catatan yang diperbaiki masuk sendiri pada pengambilan "
        "berikutnya. Daftarnya: kota quarantine list {app}.",
        "Catatan yang ditolak sudah berkurang di bawah batas.",
    ),
    "drift": Words(
        "bentuk data berubah",
        "Kolom pada aplikasi ini berubah.",
        "Perubahan ini dapat memengaruhi:",
        "Pastikan perubahan itu disengaja. Kolom yang hilang terbaca kosong; kolom baru ikut "
        "diambil tetapi belum dipakai laporan.",
        "Pada pengambilan terakhir bentuk data tidak berubah lagi.",
    ),
    "build_failed": Words(
        "gudang data tidak dapat dibangun",
        "Pembangunan gudang data gagal dan tidak dapat dijelaskan oleh satu aplikasi.",
        "Tidak ada angka baru; pejabat tetap membaca terbitan terakhir:",
        "Baca dbt.log pada folder kandidat terakhir, perbaiki model, lalu jalankan kota run.",
        "Gudang data dapat dibangun kembali.",
    ),
    "publish_blocked": Words(
        "penerbitan terhenti",
        "Pemeriksaan menemukan kesalahan kritis, sehingga data baru tidak diterbitkan.",
        "Tidak ada angka baru; pejabat tetap membaca terbitan terakhir:",
        "Buka Data Docs, perbaiki data di asalnya atau modelnya, lalu jalankan kota run.",
        "Data lolos pemeriksaan dan diterbitkan kembali.",
    ),
    "audit_warned": Words(
        "terbit dengan peringatan",
        "Data diterbitkan, tetapi sebagian pemeriksaan memberi peringatan.",
        "Angka dengan tanda peringatan:",
        "Baca alasan tiap pemeriksaan di Data Docs dan putuskan apakah data asalnya perlu "
        "diperbaiki.",
        "Terbitan terakhir tidak lagi memberi peringatan.",
    ),
    "above_limit": Words(
        "pengaduan terbuka melampaui batas",
        "Pengaduan yang belum selesai di wilayah ini lebih banyak daripada batas yang ditetapkan.",
        "Terlihat pada:",
        "Periksa pengaduan terlama dan perangkat daerah yang menanganinya di dasbor.",
        "Pengaduan yang belum selesai kembali di bawah batas.",
    ),
    "record_broken": Words(
        "isi tidak sesuai catatan",
        "Pemeriksaan berkala menemukan berkas yang berubah atau hilang sejak dicatat.",
        "Angka tetap tampil; sampai perubahan itu dijelaskan, jangan dijadikan bukti:",
        "Jalankan kota verify dan cari tahu siapa yang mengubah apa. Pulihkan berkas dari "
        "cadangan; bila perubahan itu disengaja, catat alasannya dengan kota record accept.",
        "Semua isi sesuai catatan kembali.",
    ),
}


@dataclass(frozen=True)
class Message:
    """A mail, or the text of a webhook."""

    subject: str
    text: str


def message(
    incident: Incident, event: Event, blocked: Blocked, app_name: str | None, timezone: str
) -> Message:
    """The words for one event of an incident."""
    words = WORDS[incident.kind]
    about = app_name or "Data kota"
    lines = [words.happened if event == "opened" else words.over, ""]
    lines.append(f"Sejak: {_time(incident.since, timezone)}")
    if event == "closed" and incident.closed_at:
        lasted = _duration(incident.closed_at - incident.since)
        lines.append(f"Selesai: {_time(incident.closed_at, timezone)} (berlangsung {lasted})")
        lines += ["", f"Yang terjadi: {words.happened}"]
    else:
        lines += [
            "",
            words.effect,
            *_named(blocked),
            "",
            f"Yang perlu dilakukan: {_todo(incident)}",
        ]
    lines += ["", "Rincian teknis:", *_details(incident), "", f"Nomor insiden: {incident.number}"]
    prefix = "SELESAI: " if event == "closed" else ""
    return Message(f"[kota] {prefix}{about}: {words.title}", "\n".join(lines) + "\n")


def _todo(incident: Incident) -> str:
    return WORDS[incident.kind].todo.format(app=incident.app)


def _named(blocked: Blocked) -> list[str]:
    dashboards = ", ".join(blocked.dashboards) or "tidak ada"
    marts = ", ".join(blocked.marts) or "semua"
    return [f"- dasbor: {dashboards}", f"- tabel: {marts}"]


def _details(incident: Incident) -> list[str]:
    more = len(incident.what) - MOST_DETAILS
    return [
        *(f"- {sentence}" for sentence in incident.what[:MOST_DETAILS]),
        *([f"- dan {more} lagi"] if more > 0 else []),
    ]


def _time(at: datetime, timezone: str) -> str:
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} pukul {local:%H.%M} {local:%Z}"


def _duration(lasted: timedelta) -> str:
    minutes = max(0, round(lasted.total_seconds() / 60))
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days} hari {hours} jam" if hours else f"{days} hari"
    return f"{hours} jam {minutes % 60} menit" if hours else f"{minutes} menit"
