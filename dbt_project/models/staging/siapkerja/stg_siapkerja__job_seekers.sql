{{ config(
    materialized='by_key',
    key=['job_seeker_id'],
    changed_by={'pencari_kerja': ['cast(id as bigint)']},
) }}

with

source as (
    select * from {{ source('lake_siapkerja', 'pencari_kerja') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as job_seeker_id,
        no_ak1 as card_token,
        {{ parse_nik('nik') }} as nik,
        nik as nik_raw,

        -- strings
        trim(nama) as full_name,
        {{ parse_sex('jk') }} as sex,
        jk as sex_raw,
        {{ parse_phone('telp') }} as phone,
        telp as phone_raw,
        email as email_token,
        kelurahan as kelurahan_raw,
        case
            when {{ matches_fully('lower(trim(pendidikan))', '(s-?2|magister).*') }} then 'master'
            when {{ matches_fully('lower(trim(pendidikan))', '(s-?1|sarjana).*') }} then 'bachelor'
            when {{ matches_fully('lower(trim(pendidikan))', '(d-?[1-4]|d-?i|diploma).*') }}
                then 'diploma'
            when {{ matches_fully('lower(trim(pendidikan))', '(smk|stm|smea).*') }}
                then 'vocational'
            when {{ matches_fully('lower(trim(pendidikan))', '(sma|smu|slta|ma).*') }}
                then 'upper_secondary'
            when {{ matches_fully('lower(trim(pendidikan))', '(smp|sltp|mts).*') }}
                then 'lower_secondary'
            when {{ matches_fully('lower(trim(pendidikan))', '(sd|mi)([ /].*)?') }} then 'primary'
        end as education_level,
        pendidikan as education_level_raw,
        keahlian as skills,
        case lower(trim(status))
            when 'aktif' then 'seeking'
            when 'sudah bekerja' then 'employed'
            when 'tidak aktif' then 'lapsed'
        end as status,
        status as status_raw,

        -- times
        {{ parse_date_id('tgl_lahir') }} as birth_date,
        tgl_lahir as birth_date_raw,
        {{ parse_date_id('tgl_daftar') }} as registration_date,
        tgl_daftar as registration_date_raw,
        updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
