"""The property tax program's files: names of ten letters at most, as dBase allowed."""

from demo.dbf_file import DbfField

SCHEMA = {
    "kelurahan": (
        DbfField("KD_WIL", "C", 6),
        DbfField("NM_KEL", "C", 20),
        DbfField("NM_KEC", "C", 15),
    ),
    "objek": (
        DbfField("NOP", "C", 18),
        DbfField("KD_KEC", "C", 3),
        DbfField("KD_KEL", "C", 3),
        DbfField("ALMT_OP", "C", 45),
        DbfField("NM_WP", "C", 30),
        DbfField("NIK_WP", "C", 16),
        DbfField("LS_BUMI", "N", 8),
        DbfField("LS_BNG", "N", 8),
        DbfField("NJOP_BUMI", "N", 15),
        DbfField("NJOP_BNG", "N", 15),
        DbfField("TGL_REKAM", "D"),
    ),
    "sppt": (
        DbfField("NO_SPPT", "C", 12),
        DbfField("NOP", "C", 18),
        DbfField("THN_PAJAK", "C", 4),
        DbfField("NJOP", "N", 15),
        DbfField("NJOPTKP", "N", 10),
        DbfField("PBB_TERHTG", "N", 12),
        DbfField("TGL_CETAK", "D"),
        DbfField("TGL_JT", "D"),
        DbfField("ST_LUNAS", "C", 1),
    ),
    "bayar": (
        DbfField("NTPD", "C", 16),
        DbfField("NOP", "C", 18),
        DbfField("THN_PAJAK", "C", 4),
        DbfField("TGL_BAYAR", "C", 10),
        DbfField("JML_BAYAR", "N", 12),
        DbfField("DENDA", "N", 10),
        DbfField("TMP_BAYAR", "C", 20),
    ),
}
"""Each file's fields, by the name of the file in small letters."""
