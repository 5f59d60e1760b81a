"""What the trade office watches: staple goods, markets, and its five ways to write a unit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Good:
    """A commodity: unit, type, cluster, usual price in rupiah, and how much it moves in a day."""

    name: str
    unit: str
    type: str
    cluster: str
    price: int
    swing: float


GOODS = (
    Good("Beras Premium", "kg", "Beras", "Bahan Pokok", 15_500, 0.002),
    Good("Beras Medium", "kg", "Beras", "Bahan Pokok", 13_500, 0.002),
    Good("Gula Pasir", "kg", "Gula", "Bahan Pokok", 17_500, 0.003),
    Good("Minyak Goreng Curah", "liter", "Minyak Goreng", "Bahan Pokok", 16_500, 0.004),
    Good("Minyak Goreng Kemasan", "liter", "Minyak Goreng", "Bahan Pokok", 20_500, 0.002),
    Good("Tepung Terigu", "kg", "Tepung", "Bahan Pokok", 12_000, 0.002),
    Good("Kedelai Impor", "kg", "Kedelai", "Bahan Pokok", 13_500, 0.003),
    Good("Garam Halus", "kg", "Garam", "Bahan Pokok", 12_500, 0.001),
    Good("Telur Ayam Ras", "kg", "Telur", "Peternakan", 29_000, 0.008),
    Good("Telur Ayam Kampung", "butir", "Telur", "Peternakan", 3_000, 0.005),
    Good("Daging Ayam Ras", "kg", "Daging", "Peternakan", 38_000, 0.010),
    Good("Daging Sapi Murni", "kg", "Daging", "Peternakan", 138_000, 0.003),
    Good("Susu Kental Manis", "buah", "Susu", "Peternakan", 13_000, 0.001),
    Good("Cabai Merah Keriting", "kg", "Cabai", "Hortikultura", 48_000, 0.030),
    Good("Cabai Rawit Merah", "kg", "Cabai", "Hortikultura", 62_000, 0.035),
    Good("Bawang Merah", "kg", "Bawang", "Hortikultura", 39_000, 0.018),
    Good("Bawang Putih", "kg", "Bawang", "Hortikultura", 40_000, 0.009),
    Good("Tomat", "kg", "Sayuran", "Hortikultura", 14_000, 0.022),
    Good("Kentang", "kg", "Sayuran", "Hortikultura", 18_000, 0.008),
    Good("Bayam", "ikat", "Sayuran", "Hortikultura", 3_500, 0.012),
    Good("Kangkung", "ikat", "Sayuran", "Hortikultura", 3_000, 0.012),
    Good("Kelapa", "buah", "Buah", "Hortikultura", 12_000, 0.006),
    Good("Ikan Bandeng", "kg", "Ikan", "Perikanan", 37_000, 0.007),
    Good("Ikan Kembung", "kg", "Ikan", "Perikanan", 42_000, 0.009),
    Good("Ikan Lele", "kg", "Ikan", "Perikanan", 28_000, 0.006),
)

MARKETS = (  # name, kecamatan as the trade office writes it, price level
    ("Anyar", "Tangerang", 1.02),
    ("Bandeng", "Kec. Karawaci", 0.99),
    ("Jatiuwung", "Jati Uwung", 0.97),
    ("Malabar", "CIBODAS", 1.00),
    ("Poris", "Batu Ceper", 1.01),
    ("Ramadani", "Karawaci", 0.98),
)

UNIT_SPELLINGS = {
    "kg": ("kg", "Kg", "KG", "kilogram", "/kg"),
    "liter": ("liter", "Liter", "LITER", "ltr", "/liter"),
    "butir": ("butir", "Butir", "BUTIR", "btr", "/butir"),
    "ikat": ("ikat", "Ikat", "IKAT", "ikt", "/ikat"),
    "buah": ("buah", "Buah", "BUAH", "bh", "/buah"),
}
