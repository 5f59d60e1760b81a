with

periods as (
    select * from {{ ref('int_employees__periods') }}
),

ids as (
    select * from {{ ref('int_employees__ids') }}
),

unit_departments as (
    select * from {{ ref('int_units__departments') }}
)

select
    ids.employee_token as employee_id,
    coalesce(unit_departments.department_code, 'unassigned') as department_code,
    periods.unit_code,
    periods.post_kind,
    periods.echelon,
    coalesce(periods.employment_status, 'unknown') as employment_status,
    periods.grade,
    periods.valid_from,
    periods.valid_to,
    periods.valid_to is null as is_current
from periods
inner join ids
    on cast(periods.employee_id as varchar) = ids.employee_number
left join unit_departments
    on periods.unit_code = unit_departments.unit_code
