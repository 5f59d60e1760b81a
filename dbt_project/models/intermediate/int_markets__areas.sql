with

markets as (
    select
        market_id,
        {{ normalise_place('kecamatan_raw') }} as kecamatan_key
    from {{ ref('stg_segar__markets') }}
),

names as (
    select * from {{ ref('int_areas__names') }}
)

select
    markets.market_id,
    coalesce(
        as_kecamatan.kecamatan_code, as_kelurahan.kecamatan_code, 'unknown'
    ) as kecamatan_code
from markets
left join names as as_kecamatan
    on
        markets.kecamatan_key = as_kecamatan.name_key
        and as_kecamatan.area_level = 'kecamatan'
left join names as as_kelurahan
    on
        markets.kecamatan_key = as_kelurahan.name_key
        and as_kelurahan.area_level = 'kelurahan'
