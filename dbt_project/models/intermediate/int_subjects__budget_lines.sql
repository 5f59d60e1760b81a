select
    mapped.subject_code,
    lines.budget_year,
    lines.sheet_name,
    lines.budget_code,
    lines.department_code,
    lines.budget_rupiah
from {{ ref('seed_subject_budgets') }} as mapped
inner join {{ ref('fct_budget_lines') }} as lines
    on
        mapped.department_code = lines.department_code
        and left(lines.budget_code || '.', length(mapped.budget_code) + 1)
        = mapped.budget_code || '.'
