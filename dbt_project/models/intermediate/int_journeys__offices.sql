with

steps as (
    select * from {{ ref('int_journeys__steps') }}
),

-- From each step on, the offices that follow within the days of one matter.
matters as (
    select
        first_step.person_id,
        first_step.received_date,
        count(distinct step.department_code) as office_count,
        count(distinct step.service_code) as service_count
    from steps as first_step
    inner join steps as step
        on
            first_step.person_id = step.person_id
            and {{ days_between('first_step.received_date', 'step.received_date') }}
            between 0 and {{ var('journey_days') }} - 1
    group by first_step.person_id, first_step.received_date
)

select
    person_id,
    max(office_count) as office_count,
    max(service_count) as service_count
from matters
group by person_id
