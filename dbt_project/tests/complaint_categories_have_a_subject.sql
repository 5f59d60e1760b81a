-- Complaints of a category that no subject has are compared with no money: add the category to
-- seed_subject_categories. Their number is listed as subject `unmapped` in rpt_complaint_budget.
{{ config(severity='warn') }}

select
    complaints.category_name,
    count(*) as complaint_count
from {{ ref('fct_complaints') }} as complaints
left join {{ ref('seed_subject_categories') }} as categories
    on
        complaints.category_name = categories.category_name
        and categories.source_app = 'laksa'
where categories.category_name is null
group by complaints.category_name
