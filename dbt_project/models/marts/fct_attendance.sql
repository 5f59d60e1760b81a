with

attendance as (
    select * from {{ ref('int_attendance__departments') }}
),

departments as (
    select * from {{ ref('dim_departments') }}
)

select
    attendance.department_code,
    departments.department_name,
    attendance.month_date,
    attendance.is_suppressed,
    cast(attendance.employee_count as bigint) as employee_count,
    cast(attendance.due_days as bigint) as due_days,
    {% for days in ['present', 'permitted', 'sick', 'leave', 'unexcused'] -%}
        cast(
            case when not attendance.is_suppressed then attendance.{{ days }}_days end as bigint
        ) as {{ days }}_days,
    {% endfor -%}
    case
        when not attendance.is_suppressed
            then {{ percent_of('attendance.present_days', 'attendance.due_days') }}
    end as present_percent
from attendance
left join departments
    on attendance.department_code = departments.department_code
