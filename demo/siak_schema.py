"""The register's export as its makers lay it out."""

POPULATION = (
    "NIK", "NO_KK", "NAMA_LGKP", "JENIS_KLMIN", "TMPT_LHR", "TGL_LHR", "AGAMA", "STAT_KWN",
    "STAT_HBKEL", "JENIS_PKRJN", "ALAMAT", "RT_RW", "KODE_KEL", "STATUS", "TGL_STATUS", "TGL_UBAH",
)  # fmt: skip
FAMILIES = (
    "NO_KK", "NIK_KEP", "NAMA_KEP", "ALAMAT", "RT_RW", "KD_KEL", "JML_ANGGOTA", "TGL_TERBIT",
    "STATUS_KK",
)  # fmt: skip
MOVES = (
    "NO_PINDAH", "NIK", "NAMA_LENGKAP", "JENIS_PINDAH", "TGL_PINDAH", "KK_ASAL", "KK_TUJUAN",
    "KEL_ASAL", "KEL_TUJUAN", "ALASAN",
)  # fmt: skip

FILES = {  # table: columns, delimiter, encoding
    "penduduk": (POPULATION, "|", "cp1252"),
    "keluarga": (FAMILIES, ";", "utf-8-sig"),
    "perpindahan": (MOVES, ";", "cp1252"),
}
