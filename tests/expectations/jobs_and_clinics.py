"""Marts of job seekers, clinics, schools and permit stages as a good build leaves them."""

MARTS = """
create table marts.fct_job_seekers as
select job_seeker_id, null::varchar as person_id, '36.71.01.1001' as kelurahan_code,
    '36.71.01' as kecamatan_code, 'vocational' as education_level, status,
    date '2026-10-01' as registration_date, false as is_repeat_registration,
    placement_date is not null as is_placed, placement_date,
    placement_date - date '2026-10-01' as days_to_placement
from (values
    (1::bigint, 'employed', date '2026-11-02'),
    (2, 'seeking', null)
) as t(job_seeker_id, status, placement_date);
create table marts.fct_job_vacancies as
select 1::bigint as vacancy_id, '36.71.01' as kecamatan_code, 'filled' as status,
    1::bigint as opening_count, 5000000::decimal(18, 2) as wage_rupiah,
    date '2026-10-01' as opening_date, date '2026-10-31' as closing_date,
    2::bigint as application_count, 1::bigint as accepted_count, 1::bigint as placement_count,
    4::bigint as days_to_first_application, false as is_open, true as is_filled;
create table marts.fct_job_applications as
select job_application_id, job_application_id as job_seeker_id, 1::bigint as vacancy_id,
    '36.71.01' as kecamatan_code, '36.71.01' as home_kecamatan_code, result,
    date '2026-10-05' as application_date, decided_at, decided_at::date as decision_date,
    decided_at::date - date '2026-10-05' as days_to_decision, result = 'in_progress' as is_open
from (values
    (1::bigint, 'accepted', timestamptz '2026-10-12 10:00:00+07'),
    (2, 'in_progress', null)
) as t(job_application_id, result, decided_at);
create table marts.fct_job_placements as
select 1::bigint as placement_id, 1::bigint as job_application_id, 1::bigint as job_seeker_id,
    1::bigint as vacancy_id, '36.71.01' as kecamatan_code, '36.71.01' as home_kecamatan_code,
    date '2026-11-02' as start_date, 32::bigint as days_from_registration,
    28::bigint as days_from_application;
create table marts.fct_permit_stages as
select *, entered_at::date as entered_date, left_at::date as left_date,
    left_at is null as is_current, 1::bigint as working_days
from (values
    (1::bigint, 1::bigint, 1::bigint, 'verification', timestamptz '2026-11-19 10:00:00+07',
        timestamptz '2026-11-20 10:00:00+07'),
    (2, 1, 2, 'survey', timestamptz '2026-11-20 10:00:00+07', null)
) as t(stage_id, application_id, stage_number, permit_stage, entered_at, left_at);
create table marts.dim_schools as
select '20605000' as npsn, 'primary' as school_level, '36.71.01.1001' as kelurahan_code,
    '36.71.01' as kecamatan_code, -6.17 as latitude, 106.63 as longitude;
create table marts.fct_health_visits as
select date '2026-09-01' as visit_month, '36.71.01' as kecamatan_code,
    '36.71.01.1001' as kelurahan_code, 'general' as clinic_department, 'X' as diagnosis_chapter,
    5::bigint as visit_count
union all
select date '2026-09-01', '36.71.01', 'pooled', 'pooled', 'pooled', 7;
create table marts.fct_vaccinations as
select date '2026-09-01' as vaccination_month, '36.71.01' as kecamatan_code, 'OPV' as vaccine_kind,
    'pooled' as vaccine, 6::bigint as vaccination_count;
create table marts.fct_school_enrolment as
select '2026/2027' as school_year, '36.71.01' as kecamatan_code, '20605000' as npsn,
    '1' as grade, 'female' as sex, 12::bigint as pupil_count;
"""
