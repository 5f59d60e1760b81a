with

lines as (
    select * from {{ ref('stg_anggaran__budget_lines') }}
),

departments as (
    select * from {{ ref('int_departments__resolved') }}
    where source_app = 'anggaran'
),

-- The code of an undivided line begins with those of its programme and its activity.
leaves as (
    select
        *,
        left(budget_code, 7) as programme_code,
        left(budget_code, 12) as activity_code
    from lines
    where is_leaf
)

select
    leaves.budget_year,
    leaves.sheet_name,
    leaves.budget_code,
    leaves.budget_line_name,
    leaves.programme_code,
    programmes.budget_line_name as programme_name,
    leaves.activity_code,
    activities.budget_line_name as activity_name,
    coalesce(departments.department_code, 'unassigned') as department_code,
    leaves.budget_rupiah
from leaves
left join lines as programmes
    on
        leaves.budget_year = programmes.budget_year
        and leaves.sheet_name = programmes.sheet_name
        and leaves.programme_code = programmes.budget_code
left join lines as activities
    on
        leaves.budget_year = activities.budget_year
        and leaves.sheet_name = activities.sheet_name
        and leaves.activity_code = activities.budget_code
left join departments
    on leaves.department_name_raw = departments.department_key
