{{ config(
    materialized='by_key',
    key=['follow_up_id'],
    changed_by={'tindak_lanjut': ['cast(id as bigint)']},
) }}

with

source as (
    select * from {{ source('lake_laksa', 'tindak_lanjut') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as follow_up_id,
        cast(pengaduan_id as bigint) as complaint_id,
        cast(opd_id as bigint) as laksa_department_id,

        -- strings
        isi as body,

        -- times
        tgl as followed_up_at,
        _kota_at as landed_at
    from source
)

select * from renamed
