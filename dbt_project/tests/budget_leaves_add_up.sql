-- A department's undivided lines are its budget and its spending, and so are its programmes:
-- nothing is counted twice, nothing is lost. Where this fails, a treasurer's sum is wrong, or a
-- code is.
{{ config(severity='warn') }}

with

sums as (
    select
        budget_year,
        sheet_name,
        sum(case when is_leaf then budget_rupiah end) as leaf_budget,
        sum(case when budget_level = 'programme' then budget_rupiah end) as programme_budget,
        sum(case when budget_level = 'department' then budget_rupiah end) as department_budget,
        sum(case when is_leaf then spent_rupiah end) as leaf_spent,
        sum(case when budget_level = 'department' then spent_rupiah end) as department_spent
    from {{ ref('stg_anggaran__budget_lines') }}
    group by budget_year, sheet_name
),

months as (
    select
        budget_year,
        sheet_name,
        sum(spent_rupiah) as month_spent
    from {{ ref('stg_anggaran__monthly_spending') }}
    group by budget_year, sheet_name
)

select sums.*
from sums
left join months
    on
        sums.budget_year = months.budget_year
        and sums.sheet_name = months.sheet_name
where
    (
        sums.leaf_budget = sums.programme_budget
        and sums.leaf_budget = sums.department_budget
        and sums.leaf_spent = sums.department_spent
        and sums.leaf_spent = coalesce(months.month_spent, 0)
    ) is not true
