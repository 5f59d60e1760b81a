with

steps as (
    select * from {{ ref('int_journeys__steps') }}
),

pairs as (
    select
        step.service_code,
        step.service_title,
        other.service_code as other_service_code,
        other.service_title as other_service_title,
        count(distinct step.person_id) as person_count
    from steps as step
    inner join steps as other
        on
            step.person_id = other.person_id
            and step.service_code < other.service_code
            and abs({{ days_between('step.received_date', 'other.received_date') }})
            < {{ var('journey_days') }}
    group by all
),

apps as (
    select
        bool_or(is_stale) as is_stale,
        bool_or(is_held) as is_held
    from {{ ref('int_requests__apps') }}
)

select
    pairs.service_code,
    pairs.service_title,
    pairs.other_service_code,
    pairs.other_service_title,
    case
        when pairs.person_count >= {{ var('small_group_min') }} then pairs.person_count
    end as person_count,
    pairs.person_count < {{ var('small_group_min') }} as is_suppressed,
    cast({{ var('journey_days') }} as bigint) as journey_days,
    apps.is_stale,
    apps.is_held
from pairs
cross join apps
