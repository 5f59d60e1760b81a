-- A budget line in two subjects, or named by a programme and by one of its activities, would count
-- its money twice.
select
    budget_year,
    sheet_name,
    budget_code,
    count(*) as subject_count
from {{ ref('int_subjects__budget_lines') }}
group by budget_year, sheet_name, budget_code
having count(*) > 1
