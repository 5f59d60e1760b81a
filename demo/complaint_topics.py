"""What citizens complain about: categories, who is responsible, how often, how long it takes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """One complaint category of LAKSA."""

    name: str
    department: str
    weight: float
    median_days: float
    """Days a department of ordinary pace needs."""
    rain: float
    """How much more often in the wet months (December to March) than in the others."""
    titles: tuple[str, ...]


TOPICS = (
    Topic("Jalan Rusak", "dpupr", 17, 9, 1.6, (
        "Jalan berlubang", "Aspal rusak parah", "Lubang di tikungan", "Paving block amblas",
        "Jalan bergelombang dan licin")),
    Topic("Drainase dan Saluran Air", "dpupr", 9, 8, 2.0, (
        "Saluran air mampet", "Got meluap", "Gorong-gorong runtuh", "Drainase penuh lumpur")),
    Topic("Sampah dan Kebersihan", "dlh", 18, 3, 1.1, (
        "Sampah belum diangkut", "Tumpukan sampah liar", "Bau sampah menyengat",
        "TPS meluber ke jalan", "Pembakaran sampah")),
    Topic("Penerangan Jalan Umum", "perkimtan", 11, 6, 1.0, (
        "Lampu jalan mati", "PJU padam sepanjang gang", "Tiang lampu miring",
        "Lampu jalan menyala siang hari")),
    Topic("Lalu Lintas dan Parkir", "dishub", 9, 5, 1.0, (
        "Parkir liar", "Lampu lalu lintas mati", "Kemacetan tiap pagi", "Rambu tertutup pohon")),
    Topic("Ketertiban Umum", "satpolpp", 6, 3, 0.9, (
        "Suara bising tengah malam", "Spanduk liar", "Warung menutup trotoar",
        "Anak jalanan di lampu merah")),
    Topic("Pelayanan Kesehatan", "dinkes", 5, 4, 1.1, (
        "Antrean puskesmas lama", "Jentik nyamuk di lingkungan", "Permintaan fogging",
        "Obat habis di puskesmas")),
    Topic("Pendidikan", "disdik", 4, 8, 0.9, (
        "Pungutan di sekolah", "Atap kelas bocor", "Informasi PPDB kurang jelas")),
    Topic("Banjir", "bpbd", 5, 2, 6.0, (
        "Banjir setinggi lutut", "Air masuk rumah", "Tanggul rembes", "Perlu perahu evakuasi")),
    Topic("Administrasi Kependudukan", "disdukcapil", 6, 4, 1.0, (
        "KTP belum jadi", "Kesalahan nama di KK", "Antrean loket panjang", "Akta lahir lama")),
    Topic("Pohon dan Taman", "dlh", 4, 4, 1.8, (
        "Pohon rawan tumbang", "Dahan menutup kabel", "Taman tidak terawat")),
    Topic("Bantuan Sosial", "dinsos", 3, 10, 1.0, (
        "Bantuan tidak tepat sasaran", "Lansia terlantar", "Data DTKS belum diperbarui")),
    Topic("Harga dan Pasar", "disperindag", 1.5, 6, 1.0, (
        "Harga cabai melonjak", "Timbangan pedagang curang", "Lantai pasar becek")),
    Topic("Layanan Digital", "diskominfo", 1, 3, 1.0, (
        "Aplikasi sering keluar sendiri", "WiFi taman mati", "Tidak bisa masuk akun")),
    Topic("Perizinan", "dpmptsp", 0.5, 7, 1.0, (
        "Izin terlalu lama", "Berkas diminta dua kali")),
)  # fmt: skip

# Switched off years ago; nobody can choose it any more.
RETIRED_TOPIC = "Lain-lain"

DETAILS = (
    "Sudah lebih dari seminggu belum ada tindakan.",
    "Mohon segera ditindaklanjuti, terima kasih.",
    "Warga sudah lapor ke kelurahan tetapi belum ada jawaban.",
    "Sangat mengganggu terutama pada malam hari 🙏",
    "Khawatir ada korban, apalagi dekat sekolah.",
    "Tolong dicek ke lokasi ya pak/bu.",
    "Kejadian ini berulang setiap tahun.",
)
SPAM_TITLES = ("Pinjaman cepat cair", "Promo slot gacor", "tes", "Jual obat herbal", "Halo min")
NOTES = ("Mohon ditindaklanjuti", "Sesuai kewenangan", "Segera cek lapangan", "Tembusan camat", "")
FOLLOW_UPS = (
    "Petugas sudah meninjau lokasi.",
    "Dijadwalkan minggu depan.",
    "Menunggu material.",
    "Koordinasi dengan kelurahan.",
)
FINISHED = "Pekerjaan selesai, terima kasih atas laporannya."
REFUSED = "Laporan tidak relevan, ditandai sebagai spam."
