with

lines as (
    select * from {{ ref('int_subjects__budget_lines') }}
),

spending as (
    select * from {{ ref('fct_budget_realisation') }}
)

select
    lines.subject_code,
    spending.month_date,
    sum(spending.realised_rupiah) as realised_rupiah
from lines
inner join spending
    on
        lines.budget_year = spending.budget_year
        and lines.sheet_name = spending.sheet_name
        and lines.budget_code = spending.budget_code
group by lines.subject_code, spending.month_date
