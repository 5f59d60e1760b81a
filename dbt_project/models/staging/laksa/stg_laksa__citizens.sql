{{ config(
    materialized='by_key',
    key=['citizen_id'],
    changed_by={'pengguna': ['cast(id as bigint)']},
) }}

with

source as (
    select * from {{ source('lake_laksa', 'pengguna') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as citizen_id,
        nik,

        -- strings
        trim(nama) as full_name,
        no_hp as phone,
        email as email_token,
        alamat as address,

        -- times
        dibuat as registered_at,
        diubah as updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
