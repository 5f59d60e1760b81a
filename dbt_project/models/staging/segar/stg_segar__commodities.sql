with

source as (
    select * from {{ source('lake_segar', 'komoditas') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as commodity_id,

        -- strings
        trim(komoditas_name) as commodity_name,
        komoditas_unit as unit_raw,
        komoditas_type_name as commodity_type,
        komoditas_cluster_name as commodity_cluster,

        -- times
        _kota_at as landed_at
    from source
)

select * from renamed
