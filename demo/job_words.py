"""What the labour market is made of: sectors with their jobs and wages, firms, schooling."""

from dataclasses import dataclass

MINIMUM_WAGE = 5_070_000
"""About the city's monthly minimum wage (UMK) in rupiah; what "UMR" in an advertisement means."""


@dataclass(frozen=True)
class Sector:
    """A branch as the office writes it, the jobs in it, and its monthly wage in minimum wages."""

    name: str
    jobs: tuple[str, ...]
    pay: float
    weight: int


SECTORS = (
    Sector("Industri Pengolahan", ("Operator Produksi", "QC", "Teknisi Mesin", "Helper"), 1.0, 34),
    Sector("Perdagangan", ("SPG/SPB", "Kasir", "Sales", "Kepala Toko"), 0.9, 19),
    Sector(
        "Transportasi & Pergudangan", ("Kurir", "Supir", "Staf Gudang", "Ground Staff"), 1.0, 17
    ),
    Sector("Jasa Keuangan", ("Teller", "Marketing Kredit", "Staf Administrasi"), 1.25, 7),
    Sector("Akomodasi dan makan minum", ("Barista", "Cook Helper", "Waiter/Waitress"), 0.85, 11),
    Sector("JASA KESEHATAN", ("Perawat", "Asisten Apoteker", "Admin Klinik"), 1.1, 5),
    Sector("Teknologi Informasi", ("Programmer", "Teknisi Jaringan", "Digital Marketing"), 1.6, 4),
    Sector("Pendidikan", ("Guru Honorer", "Tutor Bimbel"), 0.6, 3),
)

FIRM_KINDS = ("PT", "PT.", "CV", "CV.", "UD", "Koperasi")
FIRM_KIND_WEIGHTS = (46, 22, 14, 8, 6, 4)
FIRM_FIRST = (
    "Sinar", "Mitra", "Karya", "Surya", "Indo", "Cipta", "Gajah", "Mulia", "Sentra", "Panca",
    "Tunas", "Bina", "Global", "Prima", "Argo", "Nusa", "Cisadane", "Benteng", "Mandala", "Buana",
)  # fmt: skip
FIRM_SECOND = (
    "Tekstilindo", "Jaya Abadi", "Makmur", "Plastindo", "Logistik", "Sejahtera", "Pangan Lestari",
    "Sepatu Mas", "Retailindo", "Medika", "Teknologi", "Baja Utama", "Kimia Farmindo", "Kertas",
    "Garment", "Elektrik", "Transindo", "Boga Rasa", "Propertindo", "Finansia",
)  # fmt: skip

SCHOOLING = (
    ("SD", "sd", "SD/MI"),
    ("SMP", "SLTP", "MTs"),
    ("SMA", "SMU", "SLTA", "sma ips"),
    ("SMK", "STM", "SMK Teknik", "smk akuntansi"),
    ("D3", "D-III", "Diploma 3"),
    ("S1", "S-1", "Sarjana", "S1 Manajemen"),
    ("S2", "Magister"),
)
"""Levels from primary school to master, each in the spellings the form was filled in with."""
SCHOOLING_WEIGHTS = (4, 9, 28, 38, 7, 13, 1)

SKILLS = (
    "Ms. Office", "komputer", "mengemudi (SIM A)", "SIM B1", "las listrik", "menjahit", "akuntansi",
    "bahasa inggris", "desain grafis", "operator forklift", "memasak", "customer service", "-",
    "mesin CNC", "perawatan", "marketing online",
)  # fmt: skip
