with

current_state as (
    select * from {{ ref('dim_areas') }}
),

former as (
    select * from {{ ref('seed_area_history') }}
),

-- The present state began when the last former one ended.
ended as (
    select
        area_code_kemendagri,
        max(valid_to) as valid_to
    from former
    group by area_code_kemendagri
)

select
    current_state.area_code_kemendagri,
    current_state.area_level,
    current_state.area_name,
    current_state.parent_area_code,
    coalesce(ended.valid_to, date '1900-01-01') as valid_from,
    cast(null as date) as valid_to,
    true as is_current
from current_state
left join ended
    on current_state.area_code_kemendagri = ended.area_code_kemendagri
union all
select
    former.area_code_kemendagri,
    current_state.area_level,
    former.area_name,
    current_state.parent_area_code,
    former.valid_from,
    former.valid_to,
    false as is_current
from former
inner join current_state
    on former.area_code_kemendagri = current_state.area_code_kemendagri
