-- The control room sends a day's calls at midnight: what is open is of the newest day that is
-- there, since a call that an older file left open is never heard of again.
with

newest as (
    select max(called_date) as called_date
    from {{ ref('fct_emergency_calls') }}
),

calls as (
    select
        calls.*,
        newest.called_date as newest_date,
        {{ days_between('calls.called_date', 'newest.called_date') }} as days_ago
    from {{ ref('fct_emergency_calls') }} as calls
    cross join newest
    where not calls.is_ghost_call
),

counted as (
    select
        department_code,
        kecamatan_code,
        max(newest_date) as measured_date,
        count(*) filter (where days_ago = 0 and is_open) as open_count,
        count(*) filter (where days_ago = 0) as day_count,
        count(*) filter (
            where days_ago % 7 = 0 and days_ago between 7 and 7 * {{ var('usual_weeks') }}
        ) as usual_count
    from calls
    group by grouping sets ((), (department_code), (kecamatan_code))
)

select
    'calls_open' as measure,
    'darurat112' as source_app,
    department_code,
    kecamatan_code,
    measured_date,
    cast(open_count as double) as measured,
    cast(null as double) as usual
from counted
union all
select
    'calls_newest_day' as measure,
    'darurat112' as source_app,
    department_code,
    kecamatan_code,
    measured_date,
    cast(day_count as double) as measured,
    cast(usual_count as double) / {{ var('usual_weeks') }} as usual
from counted
