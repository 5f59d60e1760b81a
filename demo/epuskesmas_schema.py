"""e-Puskesmas' tables as its makers created them."""

SCHEMA = "klinik"

TABLES = {
    "puskesmas": f"""
        CREATE TABLE {SCHEMA}.puskesmas (
            id int PRIMARY KEY,
            kode varchar(11) NOT NULL,
            nama text NOT NULL,
            kd_kec char(7) NOT NULL,
            alamat text)""",
    "pasien": f"""
        CREATE TABLE {SCHEMA}.pasien (
            id bigint PRIMARY KEY,
            puskesmas_id int NOT NULL,
            no_rm varchar(12) NOT NULL,
            nik varchar(20),
            nama varchar(100) NOT NULL,
            tgl_lahir date,
            jk char(1),
            no_telp varchar(25),
            no_bpjs varchar(13),
            kelurahan varchar(60),
            tgl_input timestamp NOT NULL,
            tgl_update timestamp NOT NULL)""",
    "kunjungan": f"""
        CREATE TABLE {SCHEMA}.kunjungan (
            id bigint PRIMARY KEY,
            pasien_id bigint NOT NULL,
            puskesmas_id int NOT NULL,
            tgl_kunjungan date NOT NULL,
            poli varchar(20),
            keluhan text,
            icd10 varchar(10),
            cara_bayar varchar(20),
            rujuk char(1),
            tgl_input timestamp NOT NULL,
            tgl_update timestamp NOT NULL)""",
    "imunisasi": f"""
        CREATE TABLE {SCHEMA}.imunisasi (
            id bigint PRIMARY KEY,
            puskesmas_id int NOT NULL,
            nik_anak varchar(20),
            nama_anak varchar(100) NOT NULL,
            tgl_lahir date,
            jk char(1),
            nama_ibu varchar(100),
            kelurahan varchar(60),
            vaksin varchar(20) NOT NULL,
            tgl_imunisasi date NOT NULL,
            tgl_input timestamp NOT NULL)""",
}

INDEXES = tuple(
    f"CREATE INDEX ON {SCHEMA}.{table} (tgl_update)" for table in ("pasien", "kunjungan")
)
