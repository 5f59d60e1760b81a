"""SIMPEG's tables as its makers created them, and the same ones for SQLite."""

MARIADB_TABLES = {
    "unit_kerja": """
        CREATE TABLE unit_kerja (
            kode VARCHAR(12) PRIMARY KEY,
            kode_induk VARCHAR(12) NOT NULL DEFAULT '',
            nama VARCHAR(120) NOT NULL,
            tingkat TINYINT NOT NULL,
            aktif CHAR(1) NOT NULL
        ) CHARACTER SET latin1""",
    "pegawai": """
        CREATE TABLE pegawai (
            id INT PRIMARY KEY,
            nip VARCHAR(18) NULL,
            nik VARCHAR(16) NULL,
            gelar_depan VARCHAR(20) NOT NULL DEFAULT '',
            nama VARCHAR(120) NOT NULL,
            gelar_belakang VARCHAR(40) NOT NULL DEFAULT '',
            tgl_lahir DATE NOT NULL DEFAULT '0000-00-00',
            jk TINYINT NOT NULL,
            status VARCHAR(10) NOT NULL,
            gol VARCHAR(5) NULL,
            unit_kode VARCHAR(12) NOT NULL,
            tmt DATE NOT NULL,
            hp VARCHAR(20) NULL,
            alamat VARCHAR(200) NOT NULL,
            no_rek VARCHAR(20) NOT NULL,
            aktif CHAR(1) NOT NULL,
            tgl_berhenti DATE NOT NULL DEFAULT '0000-00-00',
            diubah DATETIME NOT NULL,
            KEY diubah (diubah)
        ) CHARACTER SET latin1""",
    "jabatan_riwayat": """
        CREATE TABLE jabatan_riwayat (
            id INT PRIMARY KEY,
            pegawai_id INT NOT NULL,
            unit_kode VARCHAR(12) NOT NULL,
            jabatan VARCHAR(100) NOT NULL,
            eselon VARCHAR(6) NOT NULL,
            tmt_mulai DATE NOT NULL,
            tmt_selesai DATE NOT NULL DEFAULT '0000-00-00',
            no_sk VARCHAR(40) NOT NULL,
            diubah DATETIME NOT NULL,
            KEY diubah (diubah)
        ) CHARACTER SET latin1""",
    "absensi_bulanan": """
        CREATE TABLE absensi_bulanan (
            id INT PRIMARY KEY,
            unit_kode VARCHAR(12) NOT NULL,
            thn SMALLINT NOT NULL,
            bln TINYINT NOT NULL,
            jml_pegawai INT NOT NULL,
            hari_kerja TINYINT NOT NULL,
            hadir INT NOT NULL,
            izin INT NOT NULL,
            sakit INT NOT NULL,
            cuti INT NOT NULL,
            alpa INT NOT NULL,
            diubah DATETIME NOT NULL,
            KEY diubah (diubah)
        ) CHARACTER SET latin1""",
}

SQLITE_TABLES = {
    "unit_kerja": """
        CREATE TABLE unit_kerja (
            kode VARCHAR(12) PRIMARY KEY, kode_induk VARCHAR(12) NOT NULL,
            nama VARCHAR(120) NOT NULL, tingkat TINYINT NOT NULL, aktif CHAR(1) NOT NULL)""",
    "pegawai": """
        CREATE TABLE pegawai (
            id INTEGER PRIMARY KEY, nip VARCHAR(18) NULL, nik VARCHAR(16) NULL,
            gelar_depan VARCHAR(20) NOT NULL, nama VARCHAR(120) NOT NULL,
            gelar_belakang VARCHAR(40) NOT NULL, tgl_lahir DATE NOT NULL, jk TINYINT NOT NULL,
            status VARCHAR(10) NOT NULL, gol VARCHAR(5) NULL, unit_kode VARCHAR(12) NOT NULL,
            tmt DATE NOT NULL, hp VARCHAR(20) NULL, alamat VARCHAR(200) NOT NULL,
            no_rek VARCHAR(20) NOT NULL, aktif CHAR(1) NOT NULL, tgl_berhenti DATE NOT NULL,
            diubah DATETIME NOT NULL)""",
    "jabatan_riwayat": """
        CREATE TABLE jabatan_riwayat (
            id INTEGER PRIMARY KEY, pegawai_id INTEGER NOT NULL, unit_kode VARCHAR(12) NOT NULL,
            jabatan VARCHAR(100) NOT NULL, eselon VARCHAR(6) NOT NULL, tmt_mulai DATE NOT NULL,
            tmt_selesai DATE NOT NULL, no_sk VARCHAR(40) NOT NULL, diubah DATETIME NOT NULL)""",
    "absensi_bulanan": """
        CREATE TABLE absensi_bulanan (
            id INTEGER PRIMARY KEY, unit_kode VARCHAR(12) NOT NULL, thn SMALLINT NOT NULL,
            bln TINYINT NOT NULL, jml_pegawai INTEGER NOT NULL, hari_kerja TINYINT NOT NULL,
            hadir INTEGER NOT NULL, izin INTEGER NOT NULL, sakit INTEGER NOT NULL,
            cuti INTEGER NOT NULL, alpa INTEGER NOT NULL, diubah DATETIME NOT NULL)""",
}
