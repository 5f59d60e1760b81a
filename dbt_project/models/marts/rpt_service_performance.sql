with

requests as (
    select
        *,
        {{ month_start('received_date') }} as month_date,
        target_days is not null and resolution_working_days is not null and not is_late
            as is_on_time
    from {{ ref('fct_service_requests') }}
),

apps as (
    select * from {{ ref('rpt_app_freshness') }}
),

counted as (
    select
        month_date,
        source_app,
        service_code,
        service_title,
        department_code,
        department_name,
        kecamatan_code,
        kecamatan_name,
        count(*) as request_count,
        count(*) filter (where is_open) as open_count,
        count(*) filter (where status = 'closed') as closed_count,
        count(*) filter (where status = 'cancelled') as cancelled_count,
        count(*) filter (where is_late) as late_count,
        count(*) filter (where is_on_time) as on_time_count,
        {{ quantile('resolution_working_days', 0.5) }} as median_working_days,
        {{ quantile('resolution_working_days', 0.9) }} as p90_working_days
    from requests
    group by all
)

select
    -- what
    counted.month_date,
    counted.source_app,
    counted.service_code,
    counted.service_title,
    counted.department_code,
    counted.department_name,
    counted.kecamatan_code,
    counted.kecamatan_name,

    -- how many
    counted.request_count,
    counted.open_count,
    counted.closed_count,
    counted.cancelled_count,
    counted.late_count,
    counted.on_time_count,
    {{ percent_of('counted.late_count', 'counted.late_count + counted.on_time_count') }}
        as late_percent,

    -- how long
    cast(round(counted.median_working_days, 2) as double) as median_working_days,
    cast(round(counted.p90_working_days, 2) as double) as p90_working_days,

    -- how sure
    coalesce(apps.is_stale, true) as is_stale,
    coalesce(apps.is_held, false) as is_held
from counted
left join apps
    on counted.source_app = apps.app
