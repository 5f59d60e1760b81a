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
)

select
    service_code,
    service_title,
    other_service_code,
    other_service_title,
    case
        when person_count >= {{ var('person_group_min_count') }} then person_count
    end as person_count,
    person_count < {{ var('person_group_min_count') }} as is_suppressed,
    cast({{ var('journey_days') }} as bigint) as journey_days,
    (select bool_or(is_stale) from {{ ref('int_requests__apps') }}) as is_stale
from pairs
