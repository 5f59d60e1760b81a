{{ config(
    materialized='by_key',
    key=['applicant_id'],
    changed_by={'pemohon': ['cast(id as varchar)']},
) }}

with

source as (
    select * from {{ source('lake_perizinan', 'pemohon') }}
),

renamed as (
    select
        -- ids
        cast(id as varchar) as applicant_id,
        nik,
        npwp as npwp_token,
        trim(kode_kecamatan_bps) as area_code_bps,

        -- strings
        trim(nama) as full_name,
        telepon as phone,
        email as email_token,
        alamat as address,

        -- times
        dibuat_pada as registered_at,
        diubah_pada as updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
