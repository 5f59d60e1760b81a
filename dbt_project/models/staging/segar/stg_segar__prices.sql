{{ config(
    materialized='by_key',
    key=['price_id'],
    changed_by={'harga': ['cast(id as bigint)']},
) }}

with

source as (
    select * from {{ source('lake_segar', 'harga') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as price_id,
        cast(komoditas_id as bigint) as commodity_id,
        cast(pasar_id as bigint) as market_id,

        -- strings
        trim(komoditas_name) as commodity_name,
        komoditas_unit as unit_raw,
        komoditas_type_name as commodity_type,
        komoditas_cluster_name as commodity_cluster,
        trim(pasar_name) as market_name,
        pasar_status as market_status,

        -- numbers
        {{ parse_rupiah('harga') }} as price_rupiah,
        cast(harga as varchar) as price_raw,

        -- times
        try_cast(tanggal as date) as price_date,
        cast(updated_at as timestamptz) as updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
