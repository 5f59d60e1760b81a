-- Pooling loses no row: each is in one group. Only where a whole month or year has too few for any
-- group, nothing is told.
with

counted as (
    select
        'visits' as subject,
        cast(visit_month as varchar) as period,
        count(*) as row_count,
        count(distinct patient_key) as person_count
    from {{ ref('int_health_visits__settled') }}
    group by visit_month
    union all
    select
        'vaccinations' as subject,
        cast(vaccination_month as varchar) as period,
        count(*) as row_count,
        count(distinct child_key) as person_count
    from {{ ref('int_vaccinations__settled') }}
    group by vaccination_month
    union all
    select
        'pupils' as subject,
        school_year as period,
        count(*) as row_count,
        count(distinct nisn) as person_count
    from {{ ref('int_school_enrolment__pupils') }}
    group by school_year
),

told as (
    select
        'visits' as subject,
        cast(visit_month as varchar) as period,
        sum(visit_count) as row_count
    from {{ ref('fct_health_visits') }}
    group by visit_month
    union all
    select
        'vaccinations' as subject,
        cast(vaccination_month as varchar) as period,
        sum(vaccination_count) as row_count
    from {{ ref('fct_vaccinations') }}
    group by vaccination_month
    union all
    select
        'pupils' as subject,
        school_year as period,
        sum(pupil_count) as row_count
    from {{ ref('fct_school_enrolment') }}
    group by school_year
)

select
    counted.subject,
    counted.period,
    counted.row_count,
    told.row_count as told_count
from counted
left join told
    on counted.subject = told.subject and counted.period = told.period
where
    counted.row_count <> coalesce(told.row_count, 0)
    and counted.person_count >= {{ var('small_group_min') }}
