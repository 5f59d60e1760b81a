"""A small published warehouse with the marts' own columns, so that reports can be tested alone."""

import shutil
from pathlib import Path

import duckdb

from tests.reports.contracts import create_promised_tables, create_quality_tables

AS_OF = "TIMESTAMPTZ '2026-11-22 08:10:00+00'"

AREAS = (
    "(VALUES ('36.71.01', 'Tangerang'), ('36.71.06', 'Ciledug'), ('unknown', 'Tidak diketahui'))"
)

MARTS = f"""
CREATE SCHEMA marts;
CREATE TABLE marts.dim_departments AS FROM (VALUES
    ('dlh', 'Dinas Lingkungan Hidup', 'DLH'), ('dishub', 'Dinas Perhubungan', 'Dishub'),
    ('dpmptsp', 'Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu', 'DPMPTSP')
) AS t(department_code, department_name, department_short_name);
CREATE TABLE marts.dim_areas AS
SELECT code AS area_code_kemendagri, 'kecamatan' AS area_level, name AS area_name,
    '36.71' AS parent_area_code, code AS kecamatan_code, name AS kecamatan_name,
    NULL::VARCHAR AS area_code_bps, -6.18 AS latitude, 106.63 AS longitude
FROM {AREAS} AS t(code, name);
CREATE TABLE marts.fct_complaints AS
WITH numbered AS (
    SELECT i, ['new', 'in_progress', 'done'][1 + i % 3] AS status, i // 4 AS age_days,
        {AS_OF} - to_days((i // 4)::INT) - to_minutes(1) AS reported_at
    FROM range(300) AS t(i)
)
SELECT i AS complaint_id, 'LKS-2026-' || lpad(i::VARCHAR, 6, '0') AS complaint_number,
    ['Sampah', 'Kemacetan'][1 + i % 2] AS category_name, department_code, department_name,
    kecamatan_code, kecamatan_name, 'exact' AS area_match_method, status,
    MAP {{'new': 'merah', 'in_progress': 'kuning', 'done': 'hijau'}}[status] AS status_colour,
    reported_at, (reported_at AT TIME ZONE 'Asia/Jakarta')::DATE AS reported_date,
    CASE WHEN status <> 'new' THEN reported_at END AS first_response_at,
    CASE WHEN status = 'done' THEN reported_at END AS closed_at,
    CASE WHEN status <> 'new' THEN 1.5 END AS response_hours,
    CASE WHEN status = 'done' THEN 30.0 END AS resolution_hours,
    status <> 'done' AS is_open, age_days, 'pengaduan' AS service_code,
    'unknown' AS kelurahan_code, CASE WHEN status <> 'new' THEN 0 END AS response_working_days,
    CASE WHEN status = 'done' THEN 1 END AS resolution_working_days
FROM numbered
INNER JOIN (FROM marts.dim_departments LIMIT 2) ON (department_code = 'dlh') = (i % 2 = 0)
INNER JOIN marts.dim_areas
    ON kecamatan_code = ['36.71.01', '36.71.06', 'unknown'][1 + (i % 7) % 3];
CREATE TABLE marts.fct_permit_applications AS
SELECT i AS application_id, 'IZN-' || i AS application_number, 'RKL' AS permit_type_code,
    ['Izin Reklame', 'Izin Praktik'][1 + i % 2] AS permit_type_name, department_code,
    department_name, kecamatan_code, kecamatan_name,
    ['submitted', 'verification', 'survey', 'approval', 'issued'][1 + i % 5] AS status,
    ['Diajukan', 'Verifikasi', 'Survei', 'Persetujuan', 'Terbit'][1 + i % 5] AS status_name,
    {AS_OF} - to_days((i % 40)::INT) AS submitted_at,
    DATE '2026-11-22' - (i % 40)::INT AS submitted_date,
    NULL::TIMESTAMPTZ AS closed_at, NULL::DOUBLE AS processing_hours, 7 AS target_working_days,
    i % 5 <> 4 AS is_open, i % 5 <> 4 AND i % 40 > 20 AS is_late, 2 AS stage_count,
    100000::DECIMAL(18, 2) AS fee_billed_rupiah, 0::DECIMAL(18, 2) AS fee_paid_rupiah,
    'izin_usaha' AS service_code, 'unknown' AS kelurahan_code,
    0 AS response_working_days, NULL::BIGINT AS resolution_working_days
FROM range(120) AS t(i)
INNER JOIN marts.dim_departments ON department_code = 'dpmptsp'
INNER JOIN marts.dim_areas ON kecamatan_code = ['36.71.01', '36.71.06'][1 + i % 2];
CREATE TABLE marts.fct_commodity_prices AS
SELECT price_date::DATE AS price_date, commodity_id, ['Beras', 'Telur'][commodity_id] AS
    commodity_name, 'Pangan' AS commodity_type, 'Pokok' AS commodity_cluster, market_id,
    'Pasar ' || market_id AS market_name, '36.71.01' AS kecamatan_code,
    'Tangerang' AS kecamatan_name, 'kg' AS unit, price::DECIMAL(18, 2) AS price_rupiah,
    (price - 150)::DECIMAL(18, 2) AS previous_price_rupiah, 15000 / (price - 150) AS change_percent
FROM generate_series(DATE '2026-10-24', DATE '2026-11-22', INTERVAL 1 DAY) AS days(price_date),
    (VALUES (1), (2)) AS commodities(commodity_id), (VALUES (1), (2), (3)) AS markets(market_id),
    LATERAL (SELECT 12000 * commodity_id + 100 * market_id + 150 * day(price_date) AS price);
CREATE TABLE marts.fct_service_requests AS
SELECT 'laksa:' || complaint_id AS request_id, 'laksa' AS source_app,
    complaint_number AS request_number, category_name AS service_name, department_code,
    department_name, kecamatan_code, kecamatan_name,
    MAP {{'new': 'received', 'in_progress': 'in_progress', 'done': 'closed'}}[status] AS status,
    MAP {{'new': 'Diterima', 'in_progress': 'Diproses', 'done': 'Selesai'}}[status] AS status_name,
    reported_at AS received_at, reported_date AS received_date, first_response_at AS processed_at,
    closed_at, 5 AS target_days, is_open, is_open AND age_days > 5 AS is_late, age_days,
    resolution_hours, service_code, 'Pengaduan masyarakat' AS service_title, kelurahan_code,
    'Tidak diketahui' AS kelurahan_name, response_working_days, resolution_working_days
FROM marts.fct_complaints;
CREATE TABLE marts.fct_service_requests_daily AS
SELECT received_date, kecamatan_code, kecamatan_name, department_code, department_name, status,
    status_name, count(*) AS request_count, count(*) FILTER (WHERE is_open) AS open_count,
    count(*) FILTER (WHERE is_late) AS late_count
FROM marts.fct_service_requests GROUP BY ALL;
CREATE TABLE marts.rpt_live_room AS
WITH scoped AS (
    SELECT 'city' AS scope, '36.71' AS scope_code, 'Kota' AS scope_name, *
    FROM marts.fct_complaints
    UNION ALL
    SELECT 'department', department_code, department_name, * FROM marts.fct_complaints
    UNION ALL
    SELECT 'kecamatan', kecamatan_code, kecamatan_name, * FROM marts.fct_complaints
), measured AS (
    SELECT 'complaints_' || MAP {{'merah': 'red', 'kuning': 'yellow', 'hijau': 'green'}}[
        status_colour] AS measure, scope, scope_code, scope_name, count(*)::DOUBLE AS measured_value
    FROM scoped GROUP BY ALL
    UNION ALL
    SELECT 'complaints_oldest_days', scope, scope_code, scope_name,
        max(age_days) FILTER (WHERE is_open) FROM scoped GROUP BY ALL
    UNION ALL
    SELECT measure, 'city', '36.71', 'Kota', 2 FROM (VALUES
        ('complaints_today'), ('calls_open'), ('calls_newest_day'), ('price_alarms')) AS t(measure)
)
SELECT measure, measure AS measure_name, scope, scope_code, scope_name,
    DATE '2026-11-22' AS measured_date, measured_value, 2.5 AS usual_value, 'laksa' AS source_app,
    false AS is_stale, false AS is_held, {AS_OF} AS as_of
FROM measured;
CREATE TABLE marts.rpt_app_freshness AS
SELECT app, app_name, 'dlh' AS department_code,
    'Dinas Lingkungan Hidup' AS department_name, {AS_OF} AS last_loaded_at,
    {AS_OF} AS last_checked_at, 6 AS table_count, 300 AS row_count, 24 AS promise_hours,
    false AS is_stale, 'Terkini' AS status_name, false AS is_held, NULL::VARCHAR AS held_reason,
    NULL::TIMESTAMPTZ AS held_since, {AS_OF} AS as_of
FROM (VALUES ('laksa', 'LAKSA'), ('perizinan', 'Perizinan Online'), ('segar', 'Segar'),
    ('siapkerja', 'Siap Kerja'), ('siak', 'SIAK'), ('darurat112', 'Layanan Darurat 112'),
    ('anggaran', 'Laporan Realisasi APBD'), ('pbb', 'SIM-PBB'), ('simpeg', 'SIMPEG'),
    ('epuskesmas', 'e-Puskesmas'), ('sekolah', 'Data Siswa'), ('berita', 'Berita')
) AS apps(app, app_name);
"""


def publish(published_dir: Path, release: str) -> Path:
    """Write ``<release>/kota.duckdb`` and point ``current`` at it; returns the path through it."""
    folder = published_dir / release
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "kota.duckdb")) as connection:
        connection.execute(MARTS)
        create_promised_tables(connection)
        create_quality_tables(connection)
    current = published_dir / "current"
    current.symlink_to(release)
    return current / "kota.duckdb"


def republish(published_dir: Path, release: str, change: str = "SELECT 1") -> None:
    """Publish the marts again under another name, with a change, swapped as a publish does."""
    shutil.copytree((published_dir / "current").resolve(), published_dir / release)
    with duckdb.connect(str(published_dir / release / "kota.duckdb")) as connection:
        connection.execute(change)
    swap = published_dir / ".swap"
    swap.symlink_to(release)
    swap.replace(published_dir / "current")
