with

reported as (
    select
        min(reported_date) as first_date,
        max(reported_date) as last_date
    from {{ ref('fct_complaints') }}
),

-- A month is whole when complaints were kept from its first day on, and it is over at as_of.
months as (
    select
        {{ month_start('dates.date_day') }} as month_date,
        min(dates.date_day) >= min(reported.first_date)
        and max(dates.date_day) < {{ local_date(as_of()) }} as is_complete_month
    from {{ ref('dim_dates') }} as dates
    inner join reported
        on
            dates.date_day >= {{ month_start('reported.first_date') }}
            and {{ month_start('dates.date_day') }} <= reported.last_date
    group by {{ month_start('dates.date_day') }}
),

subjects as (
    select
        subject_code,
        subject_name,
        department_code,
        true as is_mapped
    from {{ ref('seed_subjects') }}
    union all
    select
        'unmapped' as subject_code,
        'Belum dipetakan' as subject_name,
        'unassigned' as department_code,
        false as is_mapped
)

select
    months.month_date,
    months.is_complete_month,
    subjects.subject_code,
    subjects.subject_name,
    departments.department_code,
    departments.department_name,
    subjects.is_mapped
from months
cross join subjects
left join {{ ref('dim_departments') }} as departments
    on subjects.department_code = departments.department_code
