select
    'laksa:' || cast(complaints.complaint_id as varchar) as request_id,
    'laksa' as source_app,
    complaints.complaint_number as request_number,
    complaints.person_id,
    'Pengaduan: ' || complaints.category_name as service_name,
    complaints.service_code,
    complaints.department_code,
    complaints.kecamatan_code,
    complaints.kelurahan_code,
    case complaints.status
        when 'new' then 'received'
        when 'in_progress' then 'in_progress'
        when 'done' then 'closed'
    end as status,
    complaints.reported_at as received_at,
    complaints.reported_date as received_date,
    handling.first_forwarded_at as processed_at,
    complaints.closed_at,
    cast(null as bigint) as target_days
from {{ ref('fct_complaints') }} as complaints
left join {{ ref('int_complaints__handling') }} as handling
    on complaints.complaint_id = handling.complaint_id
