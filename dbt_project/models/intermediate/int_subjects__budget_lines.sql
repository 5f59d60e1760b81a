select
    mapped.subject_code,
    budget.budget_year,
    budget.sheet_name,
    budget.budget_code,
    budget.department_code,
    budget.budget_rupiah
from {{ ref('seed_subject_budgets') }} as mapped
inner join {{ ref('fct_budget_lines') }} as budget
    on
        mapped.department_code = budget.department_code
        and left(budget.budget_code || '.', length(mapped.budget_code) + 1)
        = mapped.budget_code || '.'
