with

spending as (
    select
        *,
        sum(spent_rupiah) over (
            partition by budget_year, sheet_name, budget_code
            order by month_date
            rows between unbounded preceding and current row
        ) as spent_to_date_rupiah
    from {{ ref('stg_anggaran__monthly_spending') }}
),

lines as (
    select * from {{ ref('fct_budget_lines') }}
)

select
    -- when, who, what
    spending.budget_year,
    spending.month_date,
    lines.department_code,
    lines.department_name,
    spending.sheet_name,
    lines.programme_code,
    lines.programme_name,
    spending.budget_code,
    lines.budget_line_name,

    -- money
    lines.budget_rupiah as year_budget_rupiah,
    spending.spent_rupiah as realised_rupiah,
    cast(spending.spent_to_date_rupiah as decimal(18, 2)) as realised_to_date_rupiah,
    {{ percent_of('spending.spent_to_date_rupiah', 'lines.budget_rupiah') }}
        as realised_to_date_percent
from spending
left join lines
    on
        spending.budget_year = lines.budget_year
        and spending.sheet_name = lines.sheet_name
        and spending.budget_code = lines.budget_code
