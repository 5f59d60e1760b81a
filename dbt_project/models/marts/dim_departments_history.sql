with

current_state as (
    select * from {{ ref('dim_departments') }}
),

former as (
    select * from {{ ref('seed_department_history') }}
),

-- The present state began when the last former one ended.
ended as (
    select
        department_code,
        max(valid_to) as valid_to
    from former
    group by department_code
)

select
    current_state.department_code,
    current_state.department_name,
    current_state.department_short_name,
    coalesce(ended.valid_to, date '1900-01-01') as valid_from,
    cast(null as date) as valid_to,
    true as is_current
from current_state
left join ended
    on current_state.department_code = ended.department_code
union all
select
    former.department_code,
    former.department_name,
    former.department_short_name,
    former.valid_from,
    former.valid_to,
    false as is_current
from former
inner join current_state
    on former.department_code = current_state.department_code
