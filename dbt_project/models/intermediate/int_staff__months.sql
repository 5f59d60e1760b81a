with

-- SIMPEG forgot many who left before it was in use: months before its first report of attendance
-- would be too small.
reported as (
    select min(month_date) as first_month
    from {{ ref('stg_simpeg__attendance') }}
),

days as (
    select
        {{ month_start('date_day') }} as month_date,
        date_day
    from {{ ref('dim_dates') }}
)

select
    days.month_date,
    max(days.date_day) as counted_date
from days
cross join reported
where
    days.month_date >= reported.first_month
    and days.date_day <= {{ local_date(as_of()) }}
group by days.month_date
