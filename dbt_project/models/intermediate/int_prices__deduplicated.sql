-- A market's price of the day is sometimes entered twice: the entry changed last is meant. An entry
-- whose price can't be read never hides one that can.
select
    price_id,
    price_date,
    commodity_id,
    commodity_name,
    commodity_type,
    commodity_cluster,
    market_id,
    market_name,
    unit_raw,
    price_rupiah
from {{ ref('stg_segar__prices') }}
where price_rupiah > 0 and price_date is not null
qualify
    row_number() over (
        partition by commodity_id, market_id, price_date
        order by updated_at desc, price_id desc
    ) = 1
