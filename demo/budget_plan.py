"""What the city spends on: programmes and activities of its departments, and their rhythm.

Codes follow the national nomenclature (Kepmendagri 050-5889/2021): field of government, programme,
activity, sub-activity, as in 1.03 / 1.03.10 / 1.03.10.2.01 / 1.03.10.2.01.0005.
"""

from dataclasses import dataclass

RUPIAH_A_CITIZEN = 2_600_000
"""A year's budget for each citizen: five trillion for a city of 1.9 million."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")

SALARY = (8, 8, 8, 10, 8, 12, 9, 8, 8, 8, 8, 9)  # with the holiday and the thirteenth salary
STEADY = (3, 6, 8, 8, 9, 9, 9, 9, 9, 10, 10, 10)
QUARTERLY = (1, 2, 16, 4, 3, 19, 4, 4, 18, 4, 5, 20)
WORKS = (0, 1, 3, 5, 8, 10, 9, 9, 10, 13, 15, 17)  # tenders first, bills at the end of the year
ROADS = (0, 1, 4, 9, 13, 13, 4, 2, 7, 14, 16, 17)
"""Payments for roads fall in July and August, when the budget is being revised and contracts of
the first half have run out: what is broken then waits, and people complain."""


@dataclass(frozen=True)
class Programme:
    """Activities, each with its sub-activities; one without any is budgeted as it is."""

    code: str
    name: str
    weight: float
    rhythm: tuple[int, ...]
    activities: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Office:
    """One department's sheet: our code, its tab, its name there, its field and share."""

    department: str
    sheet: str
    name: str
    field: str
    weight: float
    pace: float
    """The share of its budget it spends by the end of the year."""
    writes_text: bool
    """Whether its treasurer types amounts as text."""
    programmes: tuple[Programme, ...]


def _support(weight: float) -> Programme:
    """The programme every department has: salaries, offices, cars."""
    return Programme(
        "01",
        "PROGRAM PENUNJANG URUSAN PEMERINTAHAN DAERAH KABUPATEN/KOTA",
        weight,
        SALARY,
        (
            ("Perencanaan, Penganggaran, dan Evaluasi Kinerja Perangkat Daerah", ()),
            ("Administrasi Keuangan Perangkat Daerah", ("Penyediaan Gaji dan Tunjangan ASN",)),
            (
                "Administrasi Umum Perangkat Daerah",
                ("Penyediaan Peralatan dan Perlengkapan Kantor", "Penyediaan Barang Cetakan"),
            ),
            (
                "Penyediaan Jasa Penunjang Urusan Pemerintahan Daerah",
                ("Penyediaan Jasa Komunikasi, Sumber Daya Air dan Listrik", "Jasa Umum Kantor"),
            ),
            (
                "Pemeliharaan Barang Milik Daerah Penunjang",
                ("Pemeliharaan Kendaraan Dinas", "Pemeliharaan Gedung Kantor"),
            ),
        ),
    )


OFFICES = (
    Office(
        "disdik", "DISDIK", "DINAS PENDIDIKAN KOTA TANGERANG", "1.01", 24, 0.95, False,
        (
            _support(5),
            Programme(
                "02", "PROGRAM PENGELOLAAN PENDIDIKAN", 4, QUARTERLY,
                (
                    (
                        "Pengelolaan Pendidikan Sekolah Dasar",
                        ("Pembangunan Ruang Kelas Baru", "Pengelolaan Dana BOS Sekolah Dasar",
                         "Penyediaan Biaya Personil Peserta Didik Sekolah Dasar"),
                    ),
                    (
                        "Pengelolaan Pendidikan Sekolah Menengah Pertama",
                        ("Rehabilitasi Sedang/Berat Ruang Kelas", "Pengelolaan Dana BOS SMP"),
                    ),
                    ("Pengelolaan Pendidikan Anak Usia Dini (PAUD)", ("Dana BOP PAUD",)),
                ),
            ),
            Programme(
                "04", "PROGRAM PENDIDIK DAN TENAGA KEPENDIDIKAN", 1, STEADY,
                (("Pemerataan Kuantitas dan Kualitas Pendidik", ("Penataan Guru",)),),
            ),
        ),
    ),
    Office(
        "dinkes", "DINKES", "DINAS KESEHATAN KOTA TANGERANG", "1.02", 17, 0.93, True,
        (
            _support(3),
            Programme(
                "02", "PROGRAM PEMENUHAN UPAYA KESEHATAN PERORANGAN DAN MASYARAKAT", 6, STEADY,
                (
                    (
                        "Penyediaan Fasilitas Pelayanan Kesehatan",
                        ("Pembangunan Puskesmas", "Pengadaan Alat Kesehatan", "Pengadaan Obat"),
                    ),
                    (
                        "Penyediaan Layanan Kesehatan untuk UKM dan UKP",
                        ("Pengelolaan Jaminan Kesehatan Masyarakat",
                         "Pengelolaan Pelayanan Kesehatan Ibu Hamil",
                         "Pengelolaan Pelayanan Kesehatan Balita", "Operasional Puskesmas"),
                    ),
                ),
            ),
            Programme(
                "05", "PROGRAM PEMBERDAYAAN MASYARAKAT BIDANG KESEHATAN", 1, QUARTERLY,
                (("Pelaksanaan Sehat dalam rangka Promotif Preventif", ()),),
            ),
        ),
    ),
    Office(
        "dpupr", "DPUPR", "DINAS PU & PENATAAN RUANG", "1.03", 15, 0.86, True,
        (
            _support(2),
            Programme(
                "02", "PROGRAM PENGELOLAAN SUMBER DAYA AIR (SDA)", 2, WORKS,
                (
                    (
                        "Pengelolaan SDA dan Bangunan Pengaman Pantai pada Wilayah Sungai",
                        ("Pembangunan Kolam Retensi", "Normalisasi/Restorasi Sungai"),
                    ),
                ),
            ),
            Programme(
                "06", "PROGRAM PENGELOLAAN DAN PENGEMBANGAN SISTEM DRAINASE", 2, WORKS,
                (
                    (
                        "Pengelolaan Sistem Drainase yang Terhubung Langsung dengan Sungai",
                        ("Pembangunan Sistem Drainase Perkotaan", "Pemeliharaan Drainase"),
                    ),
                ),
            ),
            Programme(
                "10", "PROGRAM PENYELENGGARAAN JALAN", 5, ROADS,
                (
                    (
                        "Penyelenggaraan Jalan Kabupaten/Kota",
                        ("Pembangunan Jalan", "Rehabilitasi Jalan", "Pemeliharaan Berkala Jalan",
                         "Pemeliharaan Rutin Jalan", "Rehabilitasi Jembatan",
                         "Survey Kondisi Jalan/Jembatan"),
                    ),
                ),
            ),
            Programme(
                "12", "PROGRAM PENYELENGGARAAN PENATAAN RUANG", 1, STEADY,
                (("Penetapan RTRW dan RRTR Kabupaten/Kota", ()),),
            ),
        ),
    ),
    Office(
        "perkimtan", "PERKIMTAN", "DISPERKIMTAN KOTA TANGERANG", "1.04", 6, 0.88, False,
        (
            _support(2),
            Programme(
                "03", "PROGRAM KAWASAN PERMUKIMAN", 3, WORKS,
                (("Peningkatan Kualitas Kawasan Kumuh", ("Perbaikan Rumah Tidak Layak Huni",)),),
            ),
            Programme(
                "05", "PROGRAM PENINGKATAN PRASARANA, SARANA DAN UTILITAS UMUM (PSU)", 4, WORKS,
                (
                    (
                        "Urusan Penyelenggaraan PSU Perumahan",
                        ("Perencanaan PSU", "Penyediaan PSU di Perumahan", "Penerangan Taman"),
                    ),
                ),
            ),
        ),
    ),
    Office(
        "satpolpp", "SATPOL PP", "SATPOL PP KOTA TANGERANG", "1.05", 3, 0.95, False,
        (
            _support(4),
            Programme(
                "02", "PROGRAM PENINGKATAN KETENTERAMAN DAN KETERTIBAN UMUM", 2, STEADY,
                (
                    ("Penanganan Gangguan Ketenteraman", ("Patroli", "Penertiban Unjuk Rasa")),
                    ("Penegakan Peraturan Daerah", ("Sosialisasi Perda", "Pengawasan Perda")),
                ),
            ),
        ),
    ),
    Office(
        "bpbd", "BPBD", "BADAN PENANGGULANGAN BENCANA DAERAH KOTA TANGERANG", "1.05", 2.5, 0.92,
        False,
        (
            _support(3),
            Programme(
                "03", "PROGRAM PENANGGULANGAN BENCANA", 2, STEADY,
                (("Pelayanan Penyelamatan dan Evakuasi Korban", ("Respon Cepat", "Logistik")),),
            ),
            Programme(
                "04", "PROGRAM PENCEGAHAN DAN PENANGGULANGAN KEBAKARAN", 2, STEADY,
                (("Pencegahan dan Pengendalian Kebakaran", ("Pengadaan Sarana", "Pemadaman")),),
            ),
        ),
    ),
    Office(
        "dinsos", "DINSOS", "DINAS SOSIAL KOTA TANGERANG", "1.06", 2, 0.94, True,
        (
            _support(2),
            Programme(
                "04", "PROGRAM REHABILITASI SOSIAL", 1, STEADY,
                (("Rehabilitasi Sosial Dasar Penyandang Disabilitas", ("Pemberian Alat Bantu",)),),
            ),
            Programme(
                "05", "PROGRAM PERLINDUNGAN DAN JAMINAN SOSIAL", 2, QUARTERLY,
                (("Pengelolaan Data Fakir Miskin", ("Pendataan", "Fasilitasi Bantuan Sosial")),),
            ),
        ),
    ),
    Office(
        "disnaker", "DISNAKER", "DINAS KETENAGAKERJAAN KOTA TANGERANG", "2.07", 1.5, 0.93, False,
        (
            _support(3),
            Programme(
                "03", "PROGRAM PELATIHAN KERJA DAN PRODUKTIVITAS TENAGA KERJA", 2, QUARTERLY,
                (("Pelaksanaan Pelatihan berdasarkan Unit Kompetensi", ("Proses Pelatihan",)),),
            ),
            Programme(
                "04", "PROGRAM PENEMPATAN TENAGA KERJA", 1, STEADY,
                (("Pelayanan Antarkerja di Daerah", ("Job Fair/Bursa Kerja",)),),
            ),
        ),
    ),
    Office(
        "dlh", "DLH", "DINAS LINGK. HIDUP", "2.11", 8, 0.92, True,
        (
            _support(3),
            Programme(
                "04", "PROGRAM PENGELOLAAN KEANEKARAGAMAN HAYATI (KEHATI)", 1, WORKS,
                (("Pengelolaan Kehati Kabupaten/Kota", ("Pengelolaan Ruang Terbuka Hijau",)),),
            ),
            Programme(
                "11", "PROGRAM PENGELOLAAN PERSAMPAHAN", 5, STEADY,
                (
                    (
                        "Pengelolaan Sampah",
                        ("Penanganan Sampah", "Pengurangan Sampah", "Pengelolaan TPA Rawa Kucing"),
                    ),
                ),
            ),
        ),
    ),
    Office(
        "disdukcapil", "DUKCAPIL", "DINAS DUKCAPIL", "2.12", 1.5, 0.95, False,
        (
            _support(4),
            Programme(
                "02", "PROGRAM PENDAFTARAN PENDUDUK", 1, STEADY,
                (("Pelayanan Pendaftaran Penduduk", ("Penerbitan Dokumen atas Pendaftaran",)),),
            ),
        ),
    ),
    Office(
        "dishub", "DISHUB", "DINAS PERHUBUNGAN KOTA TANGERANG", "2.15", 4.5, 0.9, True,
        (
            _support(2),
            Programme(
                "02", "PROGRAM PENYELENGGARAAN LALU LINTAS DAN ANGKUTAN JALAN (LLAJ)", 4, STEADY,
                (
                    ("Penyediaan Perlengkapan Jalan", ("Rambu", "Penerangan Jalan Umum")),
                    ("Penyediaan Angkutan Umum", ("Subsidi Angkutan Tayo",)),
                ),
            ),
        ),
    ),
    Office(
        "diskominfo", "DISKOMINFO", "DISKOMINFO KOTA TANGERANG", "2.16", 2, 0.94, False,
        (
            _support(2),
            Programme(
                "02", "PROGRAM INFORMASI DAN KOMUNIKASI PUBLIK", 1, STEADY,
                (("Pengelolaan Informasi dan Komunikasi Publik", ("Pengelolaan Media",)),),
            ),
            Programme(
                "03", "PROGRAM APLIKASI INFORMATIKA", 2, STEADY,
                (("Pengelolaan e-Government", ("Pengembangan Aplikasi", "Pusat Data")),),
            ),
        ),
    ),
    Office(
        "dpmptsp", "DPMPTSP", "DINAS PM & PTSP", "2.18", 1, 0.95, False,
        (
            _support(3),
            Programme(
                "04", "PROGRAM PELAYANAN PENANAMAN MODAL", 1, STEADY,
                (("Pelayanan Perizinan dan Non Perizinan Terpadu", ("Layanan Konsultasi",)),),
            ),
        ),
    ),
    Office(
        "disperindag", "INDAGKOP", "DISPERINDAGKOP & UKM", "3.30", 2, 0.9, True,
        (
            _support(3),
            Programme(
                "03", "PROGRAM PENINGKATAN SARANA DISTRIBUSI PERDAGANGAN", 2, WORKS,
                (("Pembangunan dan Pengelolaan Sarana Distribusi", ("Pengelolaan Pasar",)),),
            ),
            Programme(
                "04", "PROGRAM STABILISASI HARGA BARANG KEBUTUHAN POKOK", 1, QUARTERLY,
                (("Pengendalian Harga dan Stok", ("Operasi Pasar", "Pemantauan Harga")),),
            ),
        ),
    ),
    Office(
        "bpkad", "BPKD", "BADAN PENGELOLA KEUANGAN DAERAH KOTA TANGERANG", "5.02", 5, 0.96, False,
        (
            _support(3),
            Programme(
                "02", "PROGRAM PENGELOLAAN KEUANGAN DAERAH", 3, STEADY,
                (
                    ("Koordinasi dan Penyusunan Anggaran Daerah", ("Penyusunan KUA dan PPAS",)),
                    ("Penunjang Urusan Pengelolaan Keuangan", ("Belanja Tidak Terduga",)),
                ),
            ),
        ),
    ),
    Office(
        "bapenda", "BAPENDA", "BADAN PENDAPATAN DAERAH KOTA TANGERANG", "5.02", 2.5, 0.96, True,
        (
            _support(4),
            Programme(
                "04", "PROGRAM PENGELOLAAN PENDAPATAN DAERAH", 2, STEADY,
                (("Pengelolaan Pendapatan Daerah", ("Penagihan Pajak", "Penilaian PBB-P2")),),
            ),
        ),
    ),
    Office(
        "bkpsdm", "BKPSDM", "BADAN KEPEGAWAIAN DAN PENGEMBANGAN SDM", "5.03", 2, 0.95, False,
        (
            _support(3),
            Programme(
                "02", "PROGRAM KEPEGAWAIAN DAERAH", 1, QUARTERLY,
                (("Mutasi dan Promosi ASN", ("Pengelolaan Mutasi ASN", "Kenaikan Pangkat")),),
            ),
        ),
    ),
)  # fmt: skip
