with

prices as (
    select * from {{ ref('fct_commodity_prices') }}
),

newest as (
    select *
    from prices
    qualify
        row_number() over (
            partition by commodity_id, market_id
            order by price_date desc
        ) = 1
),

-- The last price that was a week old then, or a few days older where there was none that day.
week_ago as (
    select
        newest.commodity_id,
        newest.market_id,
        max(earlier.price_date) as week_ago_date,
        max_by(earlier.price_rupiah, earlier.price_date) as week_ago_price_rupiah
    from newest
    inner join prices as earlier
        on
            newest.commodity_id = earlier.commodity_id
            and newest.market_id = earlier.market_id
            and newest.unit = earlier.unit
            and {{ days_between('earlier.price_date', 'newest.price_date') }}
            between 7 and 7 + {{ var('price_week_slack_days') }}
    group by newest.commodity_id, newest.market_id
)

select
    newest.commodity_id,
    newest.commodity_name,
    newest.commodity_type,
    newest.market_id,
    newest.market_name,
    newest.kecamatan_code,
    newest.kecamatan_name,
    newest.unit,
    newest.price_date,
    newest.price_rupiah,
    week_ago.week_ago_date,
    week_ago.week_ago_price_rupiah
from newest
left join week_ago
    on
        newest.commodity_id = week_ago.commodity_id
        and newest.market_id = week_ago.market_id
