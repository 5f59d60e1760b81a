-- Every request of each app is there once, and the daily summary loses none of them.
with

requests as (
    select
        count(*) as request_count,
        count(*) filter (where is_open) as open_count,
        count(*) filter (where is_late) as late_count
    from {{ ref('fct_service_requests') }}
),

daily as (
    select
        coalesce(sum(request_count), 0) as request_count,
        coalesce(sum(open_count), 0) as open_count,
        coalesce(sum(late_count), 0) as late_count
    from {{ ref('fct_service_requests_daily') }}
),

facts as (
    select
        (select count(*) from {{ ref('fct_complaints') }})
        + (select count(*) from {{ ref('fct_permit_applications') }})
        + (select count(distinct move_number) from {{ ref('stg_siak__moves') }})
        + (select count(*) from {{ ref('stg_siapkerja__job_seekers') }})
        + (select count(*) from {{ ref('stg_siapkerja__applications') }})
        + (select count(*) filter (where not is_ghost_call) from {{ ref('stg_darurat112__calls') }})
            as request_count
)

select
    requests.*,
    daily.request_count as daily_request_count,
    daily.open_count as daily_open_count,
    daily.late_count as daily_late_count,
    facts.request_count as fact_count
from requests
cross join daily
cross join facts
where
    requests.request_count <> daily.request_count
    or requests.open_count <> daily.open_count
    or requests.late_count <> daily.late_count
    or requests.request_count <> facts.request_count
