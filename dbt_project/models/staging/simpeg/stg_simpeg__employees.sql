{{ config(
    materialized='by_key',
    key=['employee_id'],
    changed_by={'pegawai': ['cast(id as bigint)']},
) }}

with

source as (
    select * from {{ source('lake_simpeg', 'pegawai') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as employee_id,
        case when {{ matches_fully('trim(nip)', '[0-9]{18}') }} then trim(nip) end as nip,
        nip as nip_raw,
        {{ parse_nik('nik') }} as nik,
        nik as nik_raw,
        trim(unit_kode) as unit_code,

        -- strings
        nullif(trim(gelar_depan), '') as title_prefix,
        trim({{ repair_double_encoding('nama') }}) as full_name,
        nama as full_name_raw,
        nullif(trim(gelar_belakang), '') as title_suffix,
        {{ parse_sex('jk') }} as sex,
        cast(jk as varchar) as sex_raw,
        {{ parse_employment_status('status') }} as employment_status,
        status as employment_status_raw,
        nullif(trim(gol), '') as grade,
        {{ parse_phone('hp') }} as phone,
        hp as phone_raw,
        alamat as address,

        -- booleans
        {{ parse_yes_no('aktif') }} as is_active,
        aktif as is_active_raw,

        -- times
        tgl_lahir as birth_date,
        {{ parse_date_id('left(trim(nip), 8)') }} as nip_birth_date,
        tmt as appointment_date,
        tgl_berhenti as leaving_date,
        diubah as updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
