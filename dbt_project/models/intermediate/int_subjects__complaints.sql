select
    coalesce(categories.subject_code, 'unmapped') as subject_code,
    complaints.kecamatan_code,
    {{ month_start('complaints.reported_date') }} as month_date,
    count(*) as complaint_count
from {{ ref('fct_complaints') }} as complaints
left join {{ ref('seed_subject_categories') }} as categories
    on
        complaints.category_name = categories.category_name
        and categories.source_app = 'laksa'
group by
    coalesce(categories.subject_code, 'unmapped'),
    complaints.kecamatan_code,
    {{ month_start('complaints.reported_date') }}
