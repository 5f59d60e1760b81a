-- SIMPEG counts its people twice: in the list of posts, and when units report attendance. A move
-- that is noted late makes them differ a little; a tenth means that one of them is wrong.
{{ config(severity='warn') }}

with

staff as (
    select
        month_date,
        sum(employee_count) as employee_count
    from {{ ref('fct_staff') }}
    group by month_date
),

attendance as (
    select
        month_date,
        sum(employee_count) as employee_count
    from {{ ref('fct_attendance') }}
    group by month_date
)

select
    staff.month_date,
    staff.employee_count,
    attendance.employee_count as reported_count
from staff
inner join attendance
    on staff.month_date = attendance.month_date
where abs(staff.employee_count - attendance.employee_count) > 0.1 * staff.employee_count
