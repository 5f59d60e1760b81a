"""Siap Kerja's tables as its makers created them: whatever SQLite lets one write in them."""

TABLES = {
    "lowongan": """
        CREATE TABLE lowongan (
            id INTEGER PRIMARY KEY, kode TEXT, perusahaan TEXT NOT NULL, sektor TEXT, jabatan TEXT,
            jml_lowongan INTEGER, upah TEXT, kecamatan TEXT, tgl_buka TEXT, tgl_tutup TEXT,
            aktif CHAR(1), updated_at DATETIME NOT NULL)""",
    "pencari_kerja": """
        CREATE TABLE pencari_kerja (
            id INTEGER PRIMARY KEY, no_ak1 TEXT, nik TEXT, nama TEXT NOT NULL, tgl_lahir TEXT,
            jk CHAR(1), telp TEXT, email TEXT, password TEXT, kelurahan TEXT, pendidikan TEXT,
            keahlian TEXT, disabilitas CHAR(1), tgl_daftar TEXT, status TEXT,
            updated_at DATETIME NOT NULL)""",
    "lamaran": """
        CREATE TABLE lamaran (
            id INTEGER PRIMARY KEY, pencari_id TEXT NOT NULL, lowongan_id INTEGER NOT NULL,
            tgl_lamar TEXT, hasil TEXT, updated_at DATETIME NOT NULL)""",
    "penempatan": """
        CREATE TABLE penempatan (
            id INTEGER PRIMARY KEY, lamaran_id INTEGER NOT NULL, pencari_id INTEGER NOT NULL,
            lowongan_id INTEGER NOT NULL, tgl_mulai TEXT, upah TEXT, dalam_kota CHAR(1),
            dibuat DATETIME NOT NULL)""",
}
INDEXES = tuple(
    f"CREATE INDEX {table}_updated ON {table} (updated_at)"
    for table in ("lowongan", "pencari_kerja", "lamaran")
)
