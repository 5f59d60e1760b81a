"""What people call 112 for, who goes there, and how operators write it all down."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Emergency:
    """One category of emergency calls; minutes are medians."""

    spellings: tuple[str, ...]
    weight: float
    season: tuple[float, float]
    """How much more often in January and February, and in the other wet months (March, December),
    than in the dry ones."""
    units: tuple[str, ...]
    arrival_minutes: float
    work_minutes: float
    notes: tuple[str, ...]


EMERGENCIES = (
    Emergency(
        ("kebakaran", "Kebakaran", "KEBAKARAN", "kebakaran "), 16, (0.7, 0.8),
        ("Damkar Pos Batuceper", "DAMKAR POS CIPONDOH", "damkar pos karawaci", "Pemadam Mako"),
        9, 70, ("korsleting listrik", "api sdh padam; pendinginan", "2 unit diturunkan")),
    Emergency(
        ("kecelakaan", "Kecelakaan", "LAKA", "laka lantas"), 22, (1.1, 1.0),
        ("PSC 119 Unit 1", "psc119 unit 2", "Dishub Derek"),
        11, 35, ("motor vs mobil", "korban luka ringan; dibawa ke RSUD", "lalin tersendat")),
    Emergency(
        ("medis", "Medis", "MEDIS", "gawat medis"), 25, (1.1, 1.0),
        ("PSC 119 Unit 1", "PSC 119 UNIT 3", "ambulans puskesmas"),
        12, 45, ("pasien sesak napas", "lansia jatuh; sadar", "ibu hamil mau melahirkan")),
    Emergency(
        ("banjir", "Banjir", "BANJIR", "genangan/banjir"), 7, (9.0, 2.5),
        ("BPBD Regu 1", "BPBD REGU 2", "TRC bpbd"),
        24, 150, ("tinggi air 60 cm", "minta perahu; ada lansia", "pompa sudah jalan")),
    Emergency(
        ("kriminal", "Kriminal", "KRIMINALITAS", "kriminal "), 12, (1.0, 1.0),
        ("Satpol PP Patroli", "SATPOL PP", "diteruskan Polres"),
        14, 40, ("tawuran remaja", "pelaku kabur", "diteruskan ke 110; selesai")),
    Emergency(
        ("pohon tumbang", "Pohon Tumbang", "POHON TUMBANG", "phn tumbang"), 8, (2.2, 2.0),
        ("DLH Pertamanan", "dlh pertamanan", "BPBD Regu 1"),
        30, 90, ("menutup jalan", "menimpa kabel; PLN dihubungi", "dahan besar saja")),
    Emergency(
        ("hewan", "Hewan", "HEWAN", "evakuasi hewan"), 10, (1.6, 1.2),
        ("Damkar Pos Batuceper", "Pemadam Mako", "damkar pos karawaci"),
        35, 30, ("ular masuk rumah", "sarang tawon; pakai APD", "kucing di sumur")),
)  # fmt: skip

GHOST_SPELLINGS = ("prank", "Prank", "GHOST CALL", "ghost call", "iseng")
GHOST_NOTES = ("", "diam saja", "suara anak kecil; ditutup", "salah pencet", "maki-maki operator")
GHOST_NAMES = ("anonim", "-", "tdk mau sebut nama", "xxx")

# Where the caller says it is.
BESIDE = ("dpn", "dkt", "sebelah", "blkg", "samping", "sbrg", "100m dari")
LANDMARKS = (
    "alfamart", "indomaret", "masjid", "pom bensin", "sdn 3", "pos ronda", "puskesmas", "pasar",
    "kantor kelurahan", "jembatan", "lapangan bola", "warung padang",
)  # fmt: skip
STREETS = (
    "jl merdeka", "jl imam bonjol", "jl veteran", "jl daan mogot", "jln moh toha",
    "jl gatot subroto", "jl hasyim ashari", "jln raden fatah", "jl benteng betawi", "gg masjid",
    "gg mawar", "gg kelapa dua", "perum poris indah", "perum taman cibodas", "jln raya",
)  # fmt: skip
OUTSIDE = ("serpong", "cikupa", "kalideres", "ciputat")
