"""LAKSA's tables as its makers created them, and the same ones for SQLite."""

MARIADB_TABLES = {
    "kategori": """
        CREATE TABLE kategori (
            id INT PRIMARY KEY,
            nama VARCHAR(60) NOT NULL,
            aktif TINYINT(1) NOT NULL
        ) CHARACTER SET utf8mb4""",
    "opd": """
        CREATE TABLE opd (
            id INT PRIMARY KEY,
            kode VARCHAR(10) NOT NULL,
            nama VARCHAR(100) NOT NULL
        ) CHARACTER SET utf8mb4""",
    "pengguna": """
        CREATE TABLE pengguna (
            id INT PRIMARY KEY,
            nik VARCHAR(16) NOT NULL,
            nama VARCHAR(120) NOT NULL,
            no_hp VARCHAR(20) NOT NULL,
            email VARCHAR(120) NULL,
            password VARCHAR(60) NOT NULL,
            alamat VARCHAR(200) NOT NULL,
            dibuat DATETIME NOT NULL,
            diubah DATETIME NOT NULL
        ) CHARACTER SET latin1""",
    "pengaduan": """
        CREATE TABLE pengaduan (
            id BIGINT PRIMARY KEY,
            nomor VARCHAR(20) NOT NULL,
            pengguna_id INT NOT NULL,
            kategori_id INT NOT NULL,
            judul VARCHAR(150) NOT NULL,
            isi TEXT NOT NULL,
            lat DECIMAL(10,7) NULL,
            lng DECIMAL(10,7) NULL,
            kecamatan VARCHAR(60) NULL,
            kelurahan VARCHAR(60) NULL,
            status TINYINT NOT NULL,
            tgl_lapor DATETIME NOT NULL,
            tgl_selesai DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00',
            updated_at DATETIME NOT NULL,
            KEY updated_at (updated_at)
        ) CHARACTER SET utf8mb4""",
    "disposisi": """
        CREATE TABLE disposisi (
            id BIGINT PRIMARY KEY,
            pengaduan_id BIGINT NOT NULL,
            opd_id INT NOT NULL,
            tgl DATETIME NOT NULL,
            catatan VARCHAR(200) NOT NULL,
            updated_at DATETIME NOT NULL,
            KEY pengaduan_id (pengaduan_id)
        ) CHARACTER SET utf8mb4""",
    "tindak_lanjut": """
        CREATE TABLE tindak_lanjut (
            id BIGINT PRIMARY KEY,
            pengaduan_id BIGINT NOT NULL,
            opd_id INT NOT NULL,
            isi TEXT NOT NULL,
            tgl DATETIME NOT NULL,
            KEY pengaduan_id (pengaduan_id)
        ) CHARACTER SET utf8mb4""",
}

SQLITE_TABLES = {
    "kategori": """
        CREATE TABLE kategori (
            id INTEGER PRIMARY KEY, nama VARCHAR(60) NOT NULL, aktif TINYINT(1) NOT NULL)""",
    "opd": """
        CREATE TABLE opd (
            id INTEGER PRIMARY KEY, kode VARCHAR(10) NOT NULL, nama VARCHAR(100) NOT NULL)""",
    "pengguna": """
        CREATE TABLE pengguna (
            id INTEGER PRIMARY KEY, nik VARCHAR(16) NOT NULL, nama VARCHAR(120) NOT NULL,
            no_hp VARCHAR(20) NOT NULL, email VARCHAR(120) NULL, password VARCHAR(60) NOT NULL,
            alamat VARCHAR(200) NOT NULL, dibuat DATETIME NOT NULL, diubah DATETIME NOT NULL)""",
    "pengaduan": """
        CREATE TABLE pengaduan (
            id INTEGER PRIMARY KEY, nomor VARCHAR(20) NOT NULL, pengguna_id INTEGER NOT NULL,
            kategori_id INTEGER NOT NULL, judul VARCHAR(150) NOT NULL, isi TEXT NOT NULL,
            lat DECIMAL(10,7) NULL, lng DECIMAL(10,7) NULL, kecamatan VARCHAR(60) NULL,
            kelurahan VARCHAR(60) NULL, status TINYINT NOT NULL, tgl_lapor DATETIME NOT NULL,
            tgl_selesai DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00',
            updated_at DATETIME NOT NULL)""",
    "disposisi": """
        CREATE TABLE disposisi (
            id INTEGER PRIMARY KEY, pengaduan_id BIGINT NOT NULL, opd_id INTEGER NOT NULL,
            tgl DATETIME NOT NULL, catatan VARCHAR(200) NOT NULL, updated_at DATETIME NOT NULL)""",
    "tindak_lanjut": """
        CREATE TABLE tindak_lanjut (
            id INTEGER PRIMARY KEY, pengaduan_id BIGINT NOT NULL, opd_id INTEGER NOT NULL,
            isi TEXT NOT NULL, tgl DATETIME NOT NULL)""",
}
