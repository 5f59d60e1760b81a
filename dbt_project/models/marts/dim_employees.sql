with

employees as (
    select
        *,
        coalesce(birth_date, nip_birth_date) as known_birth_date
    from {{ ref('stg_simpeg__employees') }}
),

ids as (
    select * from {{ ref('int_employees__ids') }}
),

-- The present period; of those who left, the last one.
last_periods as (
    select
        *,
        row_number() over (partition by employee_id order by valid_from desc) as place_in_row
    from {{ ref('int_employees__periods') }}
),

unit_departments as (
    select * from {{ ref('int_units__departments') }}
),

units as (
    select * from {{ ref('stg_simpeg__units') }}
),

kinds as (
    select * from {{ ref('seed_post_kinds') }}
),

departments as (
    select * from {{ ref('dim_departments') }}
)

select
    -- ids
    ids.employee_token as employee_id,

    -- where, as what
    departments.department_code,
    departments.department_name,
    employees.unit_code,
    coalesce(units.unit_name, 'Tidak diketahui') as unit_name,
    coalesce(last_periods.post_kind, 'unknown') as post_kind,
    coalesce(kinds.post_kind_name, 'Tidak diketahui') as post_kind_name,
    last_periods.echelon,
    coalesce(employees.employment_status, 'unknown') as employment_status,
    case employees.employment_status
        when 'pns' then 'PNS'
        when 'pppk' then 'PPPK'
        when 'honorary' then 'Honorer'
        else 'Tidak diketahui'
    end as employment_status_name,
    employees.grade,

    -- who
    employees.sex,
    cast(year(employees.known_birth_date) // 10 * 10 as bigint) as birth_decade,
    cast(year(employees.appointment_date) as bigint) as appointment_year,
    coalesce(employees.is_active, employees.leaving_date is null) as is_active
from employees
inner join ids
    on cast(employees.employee_id as varchar) = ids.employee_number
left join last_periods
    on
        employees.employee_id = last_periods.employee_id
        and last_periods.place_in_row = 1
left join units
    on employees.unit_code = units.unit_code
left join unit_departments
    on employees.unit_code = unit_departments.unit_code
left join kinds
    on last_periods.post_kind = kinds.post_kind
left join departments
    on coalesce(unit_departments.department_code, 'unassigned') = departments.department_code
