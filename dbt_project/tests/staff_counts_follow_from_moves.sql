-- Who is there was there a month before, or joined; nobody leaves without being counted.
with

months as (
    select
        *,
        lag(employee_count) over (partition by department_code order by month_date)
            as former_count
    from {{ ref('fct_staff') }}
)

select
    department_code,
    month_date,
    employee_count,
    former_count,
    joined_count,
    left_count
from months
where employee_count <> former_count + joined_count - left_count
