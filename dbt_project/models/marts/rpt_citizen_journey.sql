with

persons as (
    select * from {{ ref('int_journeys__offices') }}
),

counted as (
    select
        office_count,
        count(*) as person_count
    from persons
    group by office_count
),

-- From the highest number down, groups are put together until there are people enough.
pooled as (
    select
        *,
        sum(person_count) over (order by office_count desc) as at_least_count
    from counted
),

highest as (
    select coalesce(max(office_count), 1) as office_count
    from pooled
    where at_least_count >= {{ var('person_group_min_count') }}
),

grouped as (
    select
        least(pooled.office_count, highest.office_count) as office_count,
        max(pooled.office_count) > highest.office_count as is_or_more,
        sum(pooled.person_count) as person_count
    from pooled
    cross join highest
    group by least(pooled.office_count, highest.office_count), highest.office_count
)

select
    cast(office_count as bigint) as office_count,
    is_or_more,
    case
        when person_count >= {{ var('person_group_min_count') }}
            then cast(person_count as bigint)
    end as person_count,
    person_count < {{ var('person_group_min_count') }} as is_suppressed,
    cast({{ var('journey_days') }} as bigint) as journey_days,
    (select bool_or(is_stale) from {{ ref('int_requests__apps') }}) as is_stale
from grouped
