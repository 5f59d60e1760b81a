"""Names: their words, what they are called in the lake, and what their staging model is called."""

import re
import unicodedata
from collections.abc import Iterable

_PREFIXES = {"tbl", "tb", "t", "m", "mst", "ms", "master", "ref", "r", "tr", "trx", "trans", "dt"}
_ENGLISH = {
    "agenda": "agendas",
    "anggota": "members",
    "bahan": "goods",
    "barang": "goods",
    "berita": "news",
    "buku": "books",
    "dokter": "doctors",
    "dosen": "lecturers",
    "guru": "teachers",
    "harga": "prices",
    "izin": "permits",
    "jabatan": "positions",
    "kamar": "rooms",
    "karyawan": "employees",
    "kategori": "categories",
    "kecamatan": "kecamatan",
    "kelas": "classes",
    "kelurahan": "kelurahan",
    "kendaraan": "vehicles",
    "komoditas": "commodities",
    "komoditi": "commodities",
    "kunjungan": "visits",
    "lokasi": "locations",
    "lowongan": "vacancies",
    "masyarakat": "citizens",
    "obat": "medicines",
    "opd": "departments",
    "pasar": "markets",
    "pasien": "patients",
    "pegawai": "employees",
    "pelanggan": "customers",
    "pelapor": "reporters",
    "pembayaran": "payments",
    "pemohon": "applicants",
    "penduduk": "residents",
    "pengaduan": "complaints",
    "pengguna": "users",
    "pengunjung": "visitors",
    "perizinan": "permits",
    "permohonan": "applications",
    "peminjaman": "loans",
    "pengembalian": "returns",
    "persediaan": "stocks",
    "petugas": "officers",
    "poli": "clinics",
    "produk": "products",
    "retribusi": "fees",
    "satuan": "units",
    "sekolah": "schools",
    "siswa": "students",
    "surat": "letters",
    "tagihan": "bills",
    "tahapan": "stages",
    "tanggapan": "responses",
    "transaksi": "transactions",
    "warga": "citizens",
}


def words(name: str) -> list[str]:
    """The words of a name in lower case: ``tgl_lahir``, ``tglLahir`` and ``TGL LAHIR`` agree."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.findall(r"[a-z0-9]+", spaced.lower())


def spelled(name: str) -> str:
    """The words joined by underscores, as the rules about names expect them."""
    return "_".join(words(name))


def underscored(name: str) -> str:
    """The name in lower-case letters without accents, digits and underscores; may be empty."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def lake_name(name: str) -> str:
    """The name as the registry can have it: lower case, digits and underscores."""
    made = underscored(name) or "table"
    return made if made[0].isalpha() else f"t_{made}"


def lake_names(names: Iterable[str]) -> dict[str, str]:
    """A name in the lake for every name at the source, no two the same."""
    found: dict[str, str] = {}
    # A table whose name needs no change keeps it, whatever the others are called.
    for name in sorted(names, key=lambda name: (lake_name(name) != name, name)):
        made, number = lake_name(name), 2
        while made in found.values():
            made, number = f"{lake_name(name)}_{number}", number + 1
        found[name] = made
    return found


def base_name(table: str) -> str:
    """A table's name without what only says that it is a table: ``tbl_pegawai``, ``mst_gmd``."""
    parts = words(table)
    while len(parts) > 1 and parts[0] in _PREFIXES:
        parts = parts[1:]
    return "_".join(parts)


def staging_names(app: str, tables: Iterable[str]) -> dict[str, str]:
    """The staging model of every table in the lake: in English where the word is a sure one."""
    tables = list(tables)
    plain = {table: _ENGLISH.get(base_name(table), table) for table in tables}
    made = list(plain.values())
    return {
        table: f"stg_{app}__{name if made.count(name) == 1 else table}"
        for table, name in plain.items()
    }
