with

attendance as (
    select * from {{ ref('stg_simpeg__attendance') }}
),

unit_departments as (
    select * from {{ ref('int_units__departments') }}
),

summed as (
    select
        coalesce(unit_departments.department_code, 'unassigned') as department_code,
        attendance.month_date,
        sum(attendance.employee_count) as employee_count,
        sum(attendance.employee_count * attendance.working_days) as due_days,
        sum(attendance.present_days) as present_days,
        sum(attendance.permitted_days) as permitted_days,
        sum(attendance.sick_days) as sick_days,
        sum(attendance.leave_days) as leave_days,
        sum(attendance.unexcused_days) as unexcused_days
    from attendance
    left join unit_departments
        on attendance.unit_code = unit_departments.unit_code
    group by coalesce(unit_departments.department_code, 'unassigned'), attendance.month_date
),

-- What is left out could be worked out from the city's total if it were one small group: the next
-- larger group goes along until those left out have people enough together.
ranked as (
    select
        *,
        coalesce(
            sum(employee_count) over (
                partition by month_date
                order by employee_count, department_code
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as smaller_count,
        min(employee_count) over (partition by month_date) as smallest_count
    from summed
)

select
    department_code,
    month_date,
    employee_count,
    due_days,
    present_days,
    permitted_days,
    sick_days,
    leave_days,
    unexcused_days,
    employee_count < {{ var('small_group_min') }}
    or (
        smallest_count < {{ var('small_group_min') }}
        and smaller_count < {{ var('small_group_min') }}
    ) as is_suppressed
from ranked
