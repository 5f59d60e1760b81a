"""The permit office's tables as its makers created them."""

from demo.postgres_schema import PostgresSchema

SCHEMA = "izin"

TABLES = {
    "jenis_izin": f"""
        CREATE TABLE {SCHEMA}.jenis_izin (
            kode text PRIMARY KEY,
            nama text NOT NULL,
            opd_teknis text NOT NULL,
            sla_hari_kerja int NOT NULL,
            tarif numeric(14,2) NOT NULL,
            aktif boolean NOT NULL)""",
    "pemohon": f"""
        CREATE TABLE {SCHEMA}.pemohon (
            id uuid PRIMARY KEY,
            nik text NOT NULL,
            nama text NOT NULL,
            npwp text,
            telepon text NOT NULL,
            email text,
            alamat text NOT NULL,
            kode_kecamatan_bps char(7) NOT NULL,
            dibuat_pada timestamptz NOT NULL,
            diubah_pada timestamptz NOT NULL)""",
    "permohonan": f"""
        CREATE TABLE {SCHEMA}.permohonan (
            id bigint PRIMARY KEY,
            nomor text NOT NULL,
            pemohon_id uuid NOT NULL,
            jenis_kode text NOT NULL,
            lokasi_kode_bps char(7) NOT NULL,
            status text NOT NULL,
            diajukan_pada timestamptz NOT NULL,
            selesai_pada timestamptz,
            diubah_pada timestamptz NOT NULL)""",
    "tahapan": f"""
        CREATE TABLE {SCHEMA}.tahapan (
            id bigint PRIMARY KEY,
            permohonan_id bigint NOT NULL,
            tahap text NOT NULL,
            mulai_pada timestamptz NOT NULL,
            selesai_pada timestamptz,
            petugas text NOT NULL,
            diubah_pada timestamptz NOT NULL)""",
    "retribusi": f"""
        CREATE TABLE {SCHEMA}.retribusi (
            id bigint PRIMARY KEY,
            permohonan_id bigint NOT NULL,
            jumlah numeric(14,2) NOT NULL,
            dibayar_pada timestamptz,
            metode text,
            diubah_pada timestamptz NOT NULL)""",
}

INDEXES = tuple(
    f"CREATE INDEX ON {SCHEMA}.{table} (diubah_pada)"
    for table in ("pemohon", "permohonan", "tahapan", "retribusi")
)

PERIZINAN = PostgresSchema(SCHEMA, TABLES, INDEXES)
