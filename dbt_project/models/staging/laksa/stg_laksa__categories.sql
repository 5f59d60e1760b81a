with

source as (
    select * from {{ source('lake_laksa', 'kategori') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as category_id,

        -- strings
        trim(nama) as category_name,

        -- booleans
        cast(aktif as boolean) as is_active,

        -- times
        _kota_at as landed_at
    from source
)

select * from renamed
