with

source as (
    select * from {{ source('lake_laksa', 'opd') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as laksa_department_id,
        kode as laksa_department_code,

        -- strings
        trim(nama) as department_name_raw,

        -- times
        _kota_at as landed_at
    from source
)

select * from renamed
