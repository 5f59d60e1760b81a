-- A subject without a line in a year's budget, and a code that no line of the newest year has: the
-- nomenclature or the programmes changed, correct seed_subject_budgets.
{{ config(severity='warn') }}

with

years as (
    select distinct budget_year from {{ ref('fct_budget_lines') }}
),

newest as (
    select *
    from {{ ref('fct_budget_lines') }}
    where budget_year = (select max(years.budget_year) from years)
)

select
    subjects.subject_code,
    years.budget_year,
    cast(null as varchar) as budget_code
from {{ ref('seed_subjects') }} as subjects
cross join years
left join {{ ref('int_subjects__budget_lines') }} as mapped_lines
    on
        subjects.subject_code = mapped_lines.subject_code
        and years.budget_year = mapped_lines.budget_year
where mapped_lines.subject_code is null
union all
select
    mapped.subject_code,
    cast(null as integer) as budget_year,
    mapped.budget_code
from {{ ref('seed_subject_budgets') }} as mapped
left join newest
    on
        mapped.department_code = newest.department_code
        and left(newest.budget_code || '.', length(mapped.budget_code) + 1)
        = mapped.budget_code || '.'
where
    newest.budget_code is null
    and exists (select 1 from years)
