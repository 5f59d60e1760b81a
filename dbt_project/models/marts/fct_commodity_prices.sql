with

prices as (
    select
        *,
        lag(price_rupiah) over (
            partition by commodity_id, market_id
            order by price_date
        ) as previous_price_rupiah
    from {{ ref('int_prices__deduplicated') }}
),

units as (
    select
        {{ normalise_name('spelling') }} as unit_key,
        unit
    from {{ ref('seed_units') }}
),

places as (
    select * from {{ ref('int_markets__areas') }}
),

areas as (
    select * from {{ ref('dim_areas') }}
)

select
    -- what, where, when
    prices.price_date,
    prices.commodity_id,
    prices.commodity_name,
    prices.commodity_type,
    prices.commodity_cluster,
    prices.market_id,
    prices.market_name,
    areas.kecamatan_code,
    areas.kecamatan_name,
    coalesce(units.unit, lower(trim(prices.unit_raw)), 'tidak diketahui') as unit,

    -- price
    prices.price_rupiah,
    prices.previous_price_rupiah,
    cast(
        round(
            100.0
            * cast(prices.price_rupiah - prices.previous_price_rupiah as double)
            / prices.previous_price_rupiah,
            2
        ) as double
    ) as change_percent
from prices
left join units
    on {{ normalise_name('prices.unit_raw') }} = units.unit_key
left join places
    on prices.market_id = places.market_id
left join areas
    on coalesce(places.kecamatan_code, 'unknown') = areas.area_code_kemendagri
