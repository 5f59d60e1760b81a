"""What the city's press office writes about: generic headlines, no real person or event."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Beat:
    """A kind of news: the feed's category, the offices it is about, and its headlines."""

    category: str
    offices: tuple[str, ...]
    """As the press office writes them, which is not as anybody else does."""
    headlines: tuple[str, ...]
    weight: float


BEATS = (
    Beat("Infrastruktur", ("Dinas PUPR", "DPUPR", "Perkim"), (
        "Perbaikan Jalan di {place} Dimulai", "Drainase {place} Dinormalisasi",
        "Trotoar {place} Ditata Ulang", "Lampu Jalan Baru Menyala di {place}"), 20),
    Beat("Kesehatan", ("Dinkes", "Dinas Kesehatan"), (
        "Posyandu {place} Layani Imunisasi Lengkap", "Warga {place} Diimbau Cegah DBD",
        "Pemeriksaan Kesehatan Gratis Hadir di {place}"), 16),
    Beat("Pendidikan", ("Dinas Pendidikan", "Disdik"), (
        "Sekolah di {place} Gelar Pekan Literasi", "Pendaftaran Siswa Baru: Ini Jadwalnya",
        "Pelatihan Guru Digelar di {place}"), 12),
    Beat("Ekonomi", ("Disperindagkop UKM", "Disperindag"), (
        "Harga Pangan di Pasar Terpantau Stabil", "Pasar Murah Digelar di {place}",
        "Pelaku UMKM {place} Ikuti Pelatihan"), 12),
    Beat("Bencana", ("BPBD", "BPBD Kota Tangerang"), (
        "Waspada Genangan, Warga {place} Diminta Siaga", "Simulasi Evakuasi Digelar di {place}",
        "Layanan 112 Siaga 24 Jam"), 8),
    Beat("Lingkungan", ("DLH", "Dinas Lingkungan Hidup"), (
        "Bank Sampah {place} Tambah Nasabah", "Kerja Bakti Massal di {place}",
        "Seribu Pohon Ditanam di {place}"), 12),
    Beat("Transportasi", ("Dishub", "Dinas Perhubungan"), (
        "Rekayasa Lalu Lintas di {place}", "Rute Angkutan Kota Bertambah sampai {place}"), 8),
    Beat("Layanan Publik", ("Disdukcapil", "DPMPTSP", "Diskominfo"), (
        "Jemput Bola Rekam KTP-el di {place}", "Urus Izin Kini Bisa dari Rumah",
        "WiFi Publik Hadir di {place}", "Aduan Warga {place} Ditangani Lebih Cepat"), 12),
)  # fmt: skip

AUTHORS = ("Humas", "humas", "Admin", "Tim Liputan", "Diskominfo")
LEADS = (
    "Pemerintah kota melalui {office} menyampaikan hal itu pada {day}.",
    "{office} menargetkan pekerjaan ini rampung sesuai jadwal.",
    "Warga dapat menghubungi {office} untuk keterangan lebih lanjut.",
)
CLOSINGS = (
    "Masyarakat diimbau ikut menjaga fasilitas umum.",
    "Kegiatan serupa akan digelar di kelurahan lain.",
    "Informasi lengkap tersedia di kanal resmi pemerintah kota.",
)
EDITS = ("[UPDATE] {title}", "{title} (Diperbarui)", "Ralat: {title}")
