with

source as (
    select * from {{ source('lake_segar', 'pasar') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as market_id,

        -- strings
        trim(pasar_name) as market_name,
        pasar_status as market_status,
        kecamatan as kecamatan_raw,

        -- times
        _kota_at as landed_at
    from source
)

select * from renamed
