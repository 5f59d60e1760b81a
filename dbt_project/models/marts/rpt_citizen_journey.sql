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
    where at_least_count >= {{ var('small_group_min') }}
),

grouped as (
    select
        least(pooled.office_count, highest.office_count) as office_count,
        max(pooled.office_count) > highest.office_count as is_or_more,
        sum(pooled.person_count) as person_count
    from pooled
    cross join highest
    group by least(pooled.office_count, highest.office_count), highest.office_count
),

apps as (
    select
        bool_or(is_stale) as is_stale,
        bool_or(is_held) as is_held
    from {{ ref('int_requests__apps') }}
)

select
    cast(grouped.office_count as bigint) as office_count,
    grouped.is_or_more,
    case
        when grouped.person_count >= {{ var('small_group_min') }}
            then cast(grouped.person_count as bigint)
    end as person_count,
    grouped.person_count < {{ var('small_group_min') }} as is_suppressed,
    cast({{ var('journey_days') }} as bigint) as journey_days,
    apps.is_stale,
    apps.is_held
from grouped
cross join apps
