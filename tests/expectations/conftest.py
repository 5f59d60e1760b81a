"""A city of a few rows, as `kota build` leaves it: lake views, staging, marts, dbt's manifest."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from kota.settings import Settings
from tests.expectations.across_departments import MARTS as ACROSS_DEPARTMENTS
from tests.expectations.jobs_and_clinics import MARTS as JOBS_AND_CLINICS
from warehouse.manifest import Manifest

CANDIDATE_ID = "20261122T010000Z"
AS_OF = "timestamptz '2026-11-22 08:00:00+07'"

_LAKE = f"""
create schema ops;
create table ops.lake_tables as
select app, table_name, department_code, 26 as promise_hours, 3::bigint as lake_version,
    lake_rows, lake_rows + 100 as most_rows, 0::bigint as quarantined_rows, source_rows,
    'source' as count_basis, 0::bigint as tolerance_rows, 0::bigint as erased_rows,
    null::varchar as watermark,
    {AS_OF} - interval 3 hour as committed_at, {AS_OF} - interval 1 hour as checked_at,
    false as is_held, null::varchar as held_reason, null::timestamptz as held_since
from (values
    ('laksa', 'pengaduan', 'diskominfo', 3::bigint, 3::bigint),
    ('perizinan', 'permohonan', 'dpmptsp', 2, 2),
    ('segar', 'harga', 'disperindag', 3, null)
) as t(app, table_name, department_code, lake_rows, source_rows);
create table ops.lake_controls (
    app varchar, table_name varchar, column_name varchar, lake_type varchar, is_personal boolean,
    basis varchar, tolerance_rows bigint, source varchar, held varchar
);
create schema lake_laksa;
create view lake_laksa.pengaduan as select * from (values (1), (2), (3)) as t(id);
create schema lake_perizinan;
create view lake_perizinan.permohonan as select * from (values (1), (2)) as t(id);
create schema lake_segar;
create view lake_segar.harga as select * from (values (1), (2), (2)) as t(id);
create schema staging;
create view staging.stg_laksa__complaints as select * from lake_laksa.pengaduan;
create view staging.stg_perizinan__applications as select * from lake_perizinan.permohonan;
create view staging.stg_segar__prices as select distinct * from lake_segar.harga;
"""

_DIMENSIONS = """
create schema marts;
create table marts.dim_areas as
select * from (values
    ('36.71', 'city', 'Kota Tangerang', null, null, null, '3671', -6.18, 106.63),
    ('36.71.01', 'kecamatan', 'Tangerang', '36.71', '36.71.01', 'Tangerang',
        '3671030', -6.18, 106.64),
    ('36.71.01.1001', 'kelurahan', 'Sukarasa', '36.71.01', '36.71.01', 'Tangerang',
        null, -6.17, 106.63),
    ('unknown', 'unknown', 'Tidak diketahui', null, 'unknown', 'Tidak diketahui',
        null, null, null)
) as t(area_code_kemendagri, area_level, area_name, parent_area_code, kecamatan_code,
    kecamatan_name, area_code_bps, latitude, longitude);
create table marts.dim_departments as
select * from (values
    ('diskominfo', 'Dinas Komunikasi dan Informatika', 'Diskominfo'),
    ('dpmptsp', 'Dinas Penanaman Modal', 'DPMPTSP'),
    ('disperindag', 'Dinas Perindustrian dan Perdagangan', 'Disperindag'),
    ('unassigned', 'Belum ditugaskan', 'Belum ditugaskan')
) as t(department_code, department_name, department_short_name);
create schema intermediate;
create table intermediate.int_persons__links as
select * from (values
    ('laksa', 'pengguna', '1', repeat('a', 24), 'nik'),
    ('perizinan', 'pemohon', 'x', repeat('a', 24), 'nik'),
    ('laksa', 'pengguna', '2', repeat('b', 24), 'single')
) as t(source_app, source_table, record_key, person_id, method);
create schema reference;
create table reference.seed_person_decisions (
    decision varchar, app_1 varchar, table_1 varchar, key_1 varchar,
    app_2 varchar, table_2 varchar, key_2 varchar
);
create table marts.dim_persons as
select person_id, 'female' as sex, 1985::bigint as birth_year_from,
    'unknown' as kelurahan_code, '36.71.01' as kecamatan_code,
    count(distinct source_app) as app_count, count(*) as mention_count,
    count(*) > 1 as is_matched, false as is_in_review
from intermediate.int_persons__links group by person_id;
create table marts.rpt_person_match_rates as
select source_app as app, count(*) as mention_count, count(distinct person_id) as person_count,
    count(*) filter (where method = 'nik') as exact_count, 0::bigint as household_count,
    0::bigint as probabilistic_count,
    0::bigint as decision_count, count(*) filter (where method = 'single') as single_count,
    0::bigint as review_count,
    1.0 - count(*) filter (where method = 'single') / count(*) as matched_share
from intermediate.int_persons__links group by source_app;
create table marts.dim_areas_history as
select area_code_kemendagri, area_level, area_name, parent_area_code,
    date '1900-01-01' as valid_from, null::date as valid_to, true as is_current
from marts.dim_areas;
create table marts.dim_departments_history as
select *, date '1900-01-01' as valid_from, null::date as valid_to, true as is_current
from marts.dim_departments;
create table marts.dim_dates as
select *, sum(is_working_day::int) over (order by date_day)::bigint as working_day_number
from (
    select day::date as date_day, year(day) as year_number, isodow(day) as weekday_number,
        isodow(day) > 7 as is_holiday, isodow(day) <= 5 as is_working_day
    from range(date '2028-01-01', date '2029-01-01', interval 1 day) as days(day)
);
create table marts.dim_services as
select 'pengaduan' as service_code, 'Pengaduan warga' as service_title,
    'Pengaduan' as service_category, department_code, department_name, 'public' as audience,
    5::bigint as target_working_days
from marts.dim_departments where department_code = 'diskominfo'
union all
select 'izin_kesehatan', 'Izin praktik', 'Perizinan', department_code, department_name, 'public',
    null
from marts.dim_departments where department_code = 'dpmptsp';
create table marts.dim_persons_history as
select repeat('a', 24) as person_id, '36.71.01.1001' as kelurahan_code,
    'Sukarasa' as kelurahan_name, '36.71.01' as kecamatan_code, 'Tangerang' as kecamatan_name,
    date '1900-01-01' as valid_from, null::date as valid_to, true as is_current;
create table marts.rpt_unresolved_places as
select 'laksa' as source_app, 'complaints' as source_table, 'Serpong' as kecamatan_written,
    '(kosong)' as kelurahan_written, '(kosong)' as code_written, false as has_position,
    3::bigint as mention_count;
"""

_FACTS = f"""
create table marts.fct_complaints as
select *, reported_at::date as reported_date, status <> 'done' as is_open,
    epoch(first_response_at - reported_at) / 3600 as response_hours,
    epoch(closed_at - reported_at) / 3600 as resolution_hours,
    date_diff('day', reported_at::date, coalesce(closed_at, {AS_OF})::date) as age_days,
    'diskominfo' as department_code, 'Dinas Komunikasi dan Informatika' as department_name,
    '36.71.01' as kecamatan_code, 'Tangerang' as kecamatan_name, 'exact' as area_match_method,
    '36.71.01.1001' as kelurahan_code, 'pengaduan' as service_code, repeat('a', 24) as person_id,
    case when first_response_at is not null then 0::bigint end as response_working_days,
    case when closed_at is not null then 2::bigint end as resolution_working_days,
    'LKS-2026-00000' || complaint_id as complaint_number, 'Jalan rusak' as category_name
from (values
    (1::bigint, 'new', 'merah', timestamptz '2026-11-20 23:30:00+07',
        null::timestamptz, null::timestamptz),
    (2, 'in_progress', 'kuning', timestamptz '2026-11-19 09:00:00+07',
        timestamptz '2026-11-19 11:00:00+07', null),
    (3, 'done', 'hijau', timestamptz '2026-11-18 09:00:00+07',
        timestamptz '2026-11-18 10:00:00+07', timestamptz '2026-11-20 09:00:00+07')
) as t(complaint_id, status, status_colour, reported_at, first_response_at, closed_at);
create table marts.fct_permit_applications as
select *, submitted_at::date as submitted_date, status <> 'issued' as is_open,
    epoch(closed_at - submitted_at) / 3600 as processing_hours, false as is_late,
    5::bigint as target_working_days, 2::bigint as stage_count,
    'dpmptsp' as department_code, 'Dinas Penanaman Modal' as department_name,
    '36.71.01' as kecamatan_code, 'Tangerang' as kecamatan_name,
    'unknown' as kelurahan_code, 'izin_kesehatan' as service_code,
    null::varchar as person_id, null::bigint as response_working_days,
    case when closed_at is not null then 2::bigint end as resolution_working_days,
    'IZIN-' || application_id as application_number, 'SIP' as permit_type_code,
    'Izin praktik' as permit_type_name, 150000::decimal(18, 2) as fee_billed_rupiah
from (values
    (1::bigint, 'survey', 'Survei', timestamptz '2026-11-20 10:00:00+07', null::timestamptz,
        0::decimal(18, 2)),
    (2, 'issued', 'Terbit', timestamptz '2026-11-17 10:00:00+07',
        timestamptz '2026-11-19 10:00:00+07', 150000)
) as t(application_id, status, status_name, submitted_at, closed_at, fee_paid_rupiah);
create table marts.fct_commodity_prices as
select *, 100 * (price_rupiah / previous_price_rupiah - 1) as change_percent,
    7::bigint as commodity_id, 'Beras medium' as commodity_name, 'Beras' as commodity_type,
    'Pangan' as commodity_cluster, 1::bigint as market_id, 'Pasar Anyar' as market_name,
    '36.71.01' as kecamatan_code, 'Tangerang' as kecamatan_name, 'kg' as unit
from (values
    (date '2026-11-20', 12000::decimal(18, 2), null::decimal(18, 2)),
    (date '2026-11-21', 12600, 12000)
) as t(price_date, price_rupiah, previous_price_rupiah);
"""

_REPORTS = f"""
create table marts.fct_service_requests as
select 'laksa:' || complaint_id as request_id, 'laksa' as source_app,
    complaint_number as request_number, 'Pengaduan: ' || category_name as service_name,
    department_code, department_name, kecamatan_code, kecamatan_name,
    case status when 'new' then 'received' when 'done' then 'closed' else status end as status,
    case status when 'new' then 'Diterima' when 'done' then 'Selesai' else 'Diproses' end
        as status_name,
    reported_at as received_at, reported_date as received_date, first_response_at as processed_at,
    closed_at, 5::bigint as target_days, is_open, false as is_late, age_days, resolution_hours,
    person_id, service_code, kelurahan_code, response_working_days, resolution_working_days
from marts.fct_complaints
union all
select 'perizinan:' || application_id, 'perizinan', application_number, permit_type_name,
    department_code, department_name, kecamatan_code, kecamatan_name,
    case when is_open then 'in_progress' else 'closed' end,
    case when is_open then 'Diproses' else 'Selesai' end,
    submitted_at, submitted_date, null, closed_at, target_working_days, is_open, is_late,
    1, processing_hours, person_id, service_code, kelurahan_code, response_working_days,
    resolution_working_days
from marts.fct_permit_applications;
create table marts.fct_service_requests_daily as
select received_date, kecamatan_code, kecamatan_name, department_code, department_name, status,
    status_name, count(*) as request_count, count(*) filter (where is_open) as open_count,
    count(*) filter (where is_late) as late_count
from marts.fct_service_requests group by all;
create table marts.rpt_app_freshness as
select app, app as app_name, any_value(department_code) as department_code,
    any_value(department_name) as department_name, max(committed_at) as last_loaded_at,
    min(checked_at) as last_checked_at, count(*) as table_count,
    sum(lake_rows)::bigint as row_count, 26::bigint as promise_hours, false as is_stale,
    'Terkini' as status_name, false as is_held, null::varchar as held_reason,
    null::timestamptz as held_since, {AS_OF} as as_of
from ops.lake_tables join marts.dim_departments using (department_code) group by app;
create table marts.rpt_app_register as
select app as app_id, app as app_name, 'Aplikasi' as app_description, department_code,
    department_name, 'public' as audience, 'integrated' as integration_status, app as kota_app,
    true as is_in_lake, table_count, row_count, 0::bigint as quarantined_count,
    0.0::double as quarantined_percent, promise_hours, last_loaded_at, last_checked_at, is_stale,
    as_of
from marts.rpt_app_freshness
union all
select 'arsip', 'Arsip', 'Aplikasi', 'unassigned', 'Belum ditugaskan', 'internal', 'none', null,
    false, 0, 0, 0, null, null, null, null, null, {AS_OF};
"""

_MODELS = {
    "stg_laksa__complaints": ("lake_laksa", "pengaduan", {}),
    "stg_perizinan__applications": ("lake_perizinan", "permohonan", {}),
    "stg_segar__prices": (
        "lake_segar",
        "harga",
        {"reconcile": {"expected_rows": "count(distinct id)", "reason": "Sent twice"}},
    ),
}


def _dbt_manifest() -> str:
    nodes, sources = {}, {}
    for model, (schema, table, meta) in _MODELS.items():
        sources[f"source.kota.{schema}.{table}"] = {
            "unique_id": f"source.kota.{schema}.{table}",
            "columns": {},
            "schema": schema,
            "name": table,
            "identifier": table,
        }
        nodes[f"model.kota.{model}"] = {
            "unique_id": f"model.kota.{model}",
            "columns": {},
            "resource_type": "model",
            "schema": "staging",
            "name": model,
            "alias": model,
            "config": {"meta": meta},
            "depends_on": {"nodes": [f"source.kota.{schema}.{table}"]},
        }
    return json.dumps({"nodes": nodes, "sources": sources})


@pytest.fixture(scope="session")
def clean_candidate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A candidate folder without a fault; copied, never changed."""
    folder = tmp_path_factory.mktemp("clean") / CANDIDATE_ID
    (folder / "dbt").mkdir(parents=True)
    (folder / "dbt" / "manifest.json").write_text(_dbt_manifest(), "utf-8")
    as_of = datetime(2026, 11, 22, 1, tzinfo=UTC)
    Manifest(
        id=CANDIDATE_ID,
        built_at=as_of,
        as_of=as_of,
        lake={},
        code_version="abc",
        config_hash="def",
        duckdb_version=duckdb.__version__,
    ).save(folder)
    with duckdb.connect(folder / "kota.duckdb") as con:
        con.execute("set TimeZone = 'Asia/Jakarta'")
        con.execute(_LAKE + _DIMENSIONS + _FACTS + _REPORTS + JOBS_AND_CLINICS + ACROSS_DEPARTMENTS)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with all state in this test's own folder."""
    return Settings(home=tmp_path / "home", keep_snapshots=2)


@pytest.fixture
def candidate(clean_candidate: Path, settings: Settings) -> Path:
    """This test's own copy of the clean candidate."""
    folder = settings.candidates_dir / CANDIDATE_ID
    shutil.copytree(clean_candidate, folder)
    return folder


@pytest.fixture
def inject(candidate: Path) -> Callable[[str], None]:
    """Change the candidate by SQL, as a bug upstream would."""

    def run(sql: str) -> None:
        with duckdb.connect(candidate / "kota.duckdb") as con:
            con.execute("set TimeZone = 'Asia/Jakarta'")
            con.execute(sql)

    return run
