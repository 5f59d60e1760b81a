with recursive

units as (
    select * from {{ ref('stg_simpeg__units') }}
),

resolved as (
    select
        department_key,
        department_code
    from {{ ref('int_departments__resolved') }}
    where source_app = 'simpeg'
),

-- SIMPEG's tree has three levels; a circle of units above each other would end at ten.
above as (
    select
        unit_code,
        unit_code as top_unit_code,
        parent_unit_code,
        1 as step
    from units
    union all
    select
        above.unit_code,
        units.unit_code as top_unit_code,
        units.parent_unit_code,
        above.step + 1 as step
    from above
    inner join units
        on above.parent_unit_code = units.unit_code
    where above.step < 10
)

select
    above.unit_code,
    coalesce(resolved.department_code, 'unassigned') as department_code
from above
left join resolved
    on above.top_unit_code = resolved.department_key
where above.parent_unit_code is null
