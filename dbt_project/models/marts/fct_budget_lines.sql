with

lines as (
    select * from {{ ref('int_budget_lines__leaves') }}
),

spending as (
    select
        budget_year,
        sheet_name,
        budget_code,
        sum(spent_rupiah) as realised_rupiah,
        max(month_date) as last_month_date
    from {{ ref('stg_anggaran__monthly_spending') }}
    group by budget_year, sheet_name, budget_code
),

departments as (
    select * from {{ ref('dim_departments') }}
),

summed as (
    select
        lines.*,
        cast(coalesce(spending.realised_rupiah, 0) as decimal(18, 2)) as realised_rupiah,
        spending.last_month_date
    from lines
    left join spending
        on
            lines.budget_year = spending.budget_year
            and lines.sheet_name = spending.sheet_name
            and lines.budget_code = spending.budget_code
)

select
    -- when, who, what
    summed.budget_year,
    departments.department_code,
    departments.department_name,
    summed.sheet_name,
    summed.programme_code,
    summed.programme_name,
    summed.activity_code,
    summed.activity_name,
    summed.budget_code,
    summed.budget_line_name,

    -- money
    summed.budget_rupiah,
    summed.realised_rupiah,
    cast(summed.budget_rupiah - summed.realised_rupiah as decimal(18, 2)) as remaining_rupiah,
    {{ percent_of('summed.realised_rupiah', 'summed.budget_rupiah') }} as realised_percent,

    -- until when
    summed.last_month_date
from summed
left join departments
    on summed.department_code = departments.department_code
