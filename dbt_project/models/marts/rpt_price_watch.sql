with

prices as (
    select * from {{ ref('fct_commodity_prices') }}
),

newest as (
    select * from {{ ref('int_prices__newest') }}
),

others as (
    select
        newest.commodity_id,
        newest.market_id,
        count(*) as other_market_count,
        median(other.price_rupiah) as median_price
    from newest
    inner join prices as other
        on
            newest.commodity_id = other.commodity_id
            and newest.price_date = other.price_date
            and newest.unit = other.unit
            and newest.market_id <> other.market_id
    group by newest.commodity_id, newest.market_id
),

watched as (
    select
        newest.*,
        {{ days_between('newest.price_date', local_date(as_of())) }} as age_days,
        {{ percent_change('newest.week_ago_price_rupiah', 'newest.price_rupiah') }}
            as week_change,
        coalesce(others.other_market_count, 0) as other_market_count,
        others.median_price,
        {{ percent_change('others.median_price', 'newest.price_rupiah') }} as deviation
    from newest
    left join others
        on
            newest.commodity_id = others.commodity_id
            and newest.market_id = others.market_id
),

judged as (
    select
        *,
        age_days > {{ var('price_stale_days') }} as is_stale,
        coalesce(
            abs(deviation) > {{ var('price_outlier_percent') }}
            and other_market_count >= {{ var('price_outlier_min_markets') }},
            false
        ) as is_outlier
    from watched
)

select
    -- what, where
    commodity_id,
    commodity_name,
    commodity_type,
    market_id,
    market_name,
    kecamatan_code,
    kecamatan_name,
    unit,

    -- now
    price_date,
    price_rupiah,
    cast(age_days as bigint) as price_age_days,
    is_stale,

    -- against a week ago
    week_ago_date,
    week_ago_price_rupiah,
    cast(price_rupiah - week_ago_price_rupiah as decimal(18, 2)) as change_rupiah,
    week_change as change_percent,

    -- against the other markets
    other_market_count,
    cast(median_price as decimal(18, 2)) as other_markets_median_rupiah,
    deviation as deviation_percent,

    -- what to look at: an outlier is rather a typing error, an old price no news
    is_outlier,
    coalesce(week_change >= {{ var('price_alarm_percent') }}, false)
    and not is_outlier
    and not is_stale as is_alarm,

    -- how sure
    {{ any_app_is_stale(['segar']) }} as is_app_stale
from judged
