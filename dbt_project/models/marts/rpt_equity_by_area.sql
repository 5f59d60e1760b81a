with

requests as (
    select
        *,
        -- Where only the kecamatan is known, it is the place.
        case when kelurahan_code <> 'unknown' then kelurahan_code else kecamatan_code end
            as area_code,
        target_days is not null and resolution_working_days is not null and not is_late
            as is_on_time
    from {{ ref('fct_service_requests') }}
    where
        {{ days_between('received_date', local_date(as_of())) }}
        between 0 and {{ var('equity_days') }} - 1
),

containing as (
    select * from {{ ref('int_areas__containing') }}
),

asked as (
    select
        containing.containing_code as area_code,
        count(*) as request_count,
        count(*) filter (where requests.source_app = 'darurat112') as emergency_call_count,
        count(*) filter (where requests.is_late) as late_count,
        count(*) filter (where requests.is_on_time) as on_time_count,
        {{ quantile('requests.response_working_days', 0.5) }} as median_response,
        {{ quantile('requests.resolution_working_days', 0.5) }} as median_resolution
    from requests
    inner join containing
        on requests.area_code = containing.area_code
    group by containing.containing_code
),

residents as (
    select
        containing.containing_code as area_code,
        cast(sum(residents.resident_count) as bigint) as resident_count
    from {{ ref('int_areas__residents') }} as residents
    inner join containing
        on residents.kelurahan_code = containing.area_code
    group by containing.containing_code
),

areas as (
    select * from {{ ref('dim_areas') }}
    where area_level <> 'province'
),

apps as (
    select
        bool_or(is_stale) as is_stale,
        bool_or(is_held) as is_held
    from {{ ref('int_requests__apps') }}
)

select
    -- where
    areas.area_code_kemendagri,
    areas.area_level,
    areas.area_name,
    areas.kecamatan_code,
    areas.kecamatan_name,

    -- how many
    cast({{ var('equity_days') }} as bigint) as period_days,
    residents.resident_count,
    coalesce(asked.request_count, 0) as request_count,
    {{ per_thousand('coalesce(asked.request_count, 0)', 'residents.resident_count') }}
        as requests_per_1000,
    coalesce(asked.emergency_call_count, 0) as emergency_call_count,
    {{ per_thousand('coalesce(asked.emergency_call_count, 0)', 'residents.resident_count') }}
        as emergency_calls_per_1000,

    -- how well
    coalesce(asked.late_count, 0) as late_count,
    coalesce(asked.on_time_count, 0) as on_time_count,
    {{ percent_of('asked.late_count', 'asked.late_count + asked.on_time_count') }} as late_percent,
    cast(round(asked.median_response, 2) as double) as median_response_working_days,
    cast(round(asked.median_resolution, 2) as double) as median_resolution_working_days,

    -- how sure
    apps.is_stale,
    apps.is_held
from areas
cross join apps
left join asked
    on areas.area_code_kemendagri = asked.area_code
left join residents
    on areas.area_code_kemendagri = residents.area_code
