with

months as (
    select * from {{ ref('int_staff__months') }}
),

members as (
    select
        periods.employee_id,
        coalesce(unit_departments.department_code, 'unassigned') as department_code,
        periods.valid_from as known_from_at,
        periods.valid_to as known_until_at
    from {{ ref('int_employees__periods') }} as periods
    left join {{ ref('int_units__departments') }} as unit_departments
        on periods.unit_code = unit_departments.unit_code
),

-- A move within a department is no move here.
memberships as (
    {{ periods_of('members', 'employee_id', ['department_code']) }}
),

employees as (
    select * from {{ ref('stg_simpeg__employees') }}
),

-- Zero is a figure: every department in every month.
spine as (
    select
        months.month_date,
        months.counted_date,
        departments.department_code,
        departments.department_name
    from months
    cross join {{ ref('dim_departments') }} as departments
    where departments.department_code in (select memberships.department_code from memberships)
),

flagged as (
    select
        spine.month_date,
        spine.department_code,
        employees.sex,
        employees.employment_status,
        memberships.known_from_at <= spine.counted_date
        and coalesce(memberships.known_until_at > spine.counted_date, true) as is_there,
        memberships.known_from_at between spine.month_date and spine.counted_date as has_joined,
        coalesce(memberships.known_until_at between spine.month_date and spine.counted_date, false)
            as has_left
    from spine
    inner join memberships
        on spine.department_code = memberships.department_code
    inner join employees
        on memberships.employee_id = employees.employee_id
),

counted as (
    select
        month_date,
        department_code,
        sum(case when is_there then 1 else 0 end) as employee_count,
        sum(case when is_there and employment_status = 'pns' then 1 else 0 end) as pns_count,
        sum(case when is_there and employment_status = 'pppk' then 1 else 0 end) as pppk_count,
        sum(case when is_there and employment_status = 'honorary' then 1 else 0 end)
            as honorary_count,
        sum(case when is_there and sex = 'female' then 1 else 0 end) as women_count,
        sum(case when has_joined then 1 else 0 end) as joined_count,
        sum(case when has_left then 1 else 0 end) as left_count
    from flagged
    group by month_date, department_code
)

select
    spine.department_code,
    spine.department_name,
    spine.month_date,
    spine.counted_date,
    cast(counted.employee_count as bigint) as employee_count,
    cast(counted.pns_count as bigint) as pns_count,
    cast(counted.pppk_count as bigint) as pppk_count,
    cast(counted.honorary_count as bigint) as honorary_count,
    cast(counted.women_count as bigint) as women_count,
    cast(counted.joined_count as bigint) as joined_count,
    cast(counted.left_count as bigint) as left_count
from spine
inner join counted
    on
        spine.month_date = counted.month_date
        and spine.department_code = counted.department_code
