{{ config(
    materialized='by_key',
    key=['source_app', 'source_table', 'record_key'],
    changed_by={
        'stg_laksa__citizens': ["'laksa'", "'pengguna'", 'cast(citizen_id as varchar)'],
        'stg_perizinan__applicants': ["'perizinan'", "'pemohon'", 'applicant_id'],
    },
) }}

-- One select an app; whoever adds an app adds one here (docs/decisions/0015-persons.md).
with

kelurahan as (
    select
        area_code_kemendagri as kelurahan_code,
        kecamatan_code,
        {{ normalise_place('area_name') }} as name_key
    from {{ ref('seed_areas') }}
    where area_level = 'kelurahan'
),

kecamatan as (
    select
        kecamatan_code,
        area_code_bps
    from {{ ref('seed_areas') }}
    where area_level = 'kecamatan'
),

laksa_citizens as (
    select
        *,
        {{ normalise_place("nullif(regexp_extract(address, 'Kel[.] ([^,]+)$', 1), '')") }}
            as kelurahan_key
    from {{ ref('stg_laksa__citizens') }}
),

laksa as (
    select
        'laksa' as source_app,
        'pengguna' as source_table,
        cast(laksa_citizens.citizen_id as varchar) as record_key,
        laksa_citizens.nik as nik_raw,
        laksa_citizens.full_name as name_raw,
        cast(null as date) as birth_date,
        cast(null as varchar) as sex,
        kelurahan.kelurahan_code,
        kelurahan.kecamatan_code,
        laksa_citizens.phone as phone_raw,
        laksa_citizens.updated_at as recorded_at
    from laksa_citizens
    left join kelurahan
        on laksa_citizens.kelurahan_key = kelurahan.name_key
),

perizinan as (
    select
        'perizinan' as source_app,
        'pemohon' as source_table,
        applicants.applicant_id as record_key,
        applicants.nik as nik_raw,
        applicants.full_name as name_raw,
        cast(null as date) as birth_date,
        cast(null as varchar) as sex,
        cast(null as varchar) as kelurahan_code,
        kecamatan.kecamatan_code,
        applicants.phone as phone_raw,
        applicants.updated_at as recorded_at
    from {{ ref('stg_perizinan__applicants') }} as applicants
    left join kecamatan
        on applicants.area_code_bps = kecamatan.area_code_bps
),

mentions as (
    select * from laksa
    union all
    select * from perizinan
)

select
    source_app,
    source_table,
    record_key,
    {{ parse_nik('nik_raw') }} as nik,
    nik_raw,
    {{ normalise_person_name('name_raw') }} as name_key,
    name_raw,
    birth_date,
    -- Whoever does not know the day writes the first of January.
    not coalesce(month(birth_date) = 1 and day(birth_date) = 1, true) as is_birth_date_sure,
    sex,
    kelurahan_code,
    kecamatan_code,
    {{ parse_phone('phone_raw') }} as phone,
    recorded_at
from mentions
