{{ config(
    materialized='by_key',
    key=['disposition_id'],
    changed_by={'disposisi': ['cast(id as bigint)']},
) }}

with

source as (
    select * from {{ source('lake_laksa', 'disposisi') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as disposition_id,
        cast(pengaduan_id as bigint) as complaint_id,
        cast(opd_id as bigint) as laksa_department_id,

        -- strings
        catatan as note,

        -- times
        tgl as forwarded_at,
        updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
