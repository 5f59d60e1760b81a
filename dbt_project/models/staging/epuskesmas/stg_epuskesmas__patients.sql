{{ config(
    materialized='by_key',
    key=['patient_id'],
    changed_by={'pasien': ['cast(id as bigint)']},
) }}

with

source as (
    select * from {{ source('lake_epuskesmas', 'pasien') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as patient_id,
        cast(puskesmas_id as bigint) as clinic_id,
        no_rm as medical_record_number,
        {{ parse_nik('nik') }} as nik,
        nik as nik_raw,
        no_bpjs as insurance_token,

        -- strings
        trim(nama) as full_name,
        {{ parse_sex('jk') }} as sex,
        jk as sex_raw,
        {{ parse_phone('no_telp') }} as phone,
        no_telp as phone_raw,
        kelurahan as kelurahan_raw,

        -- times
        cast(tgl_lahir as date) as birth_date,
        tgl_input as registered_at,
        tgl_update as updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
