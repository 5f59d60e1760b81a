-- A unit nobody listed splits a commodity's prices in two: add the spelling to seed_units.
{{ config(severity='warn') }}

select
    prices.unit,
    count(*) as price_count
from {{ ref('fct_commodity_prices') }} as prices
left join {{ ref('seed_units') }} as units
    on prices.unit = units.unit
where units.unit is null
group by prices.unit
