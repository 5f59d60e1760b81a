select
    'perizinan:' || cast(applications.application_id as varchar) as request_id,
    'perizinan' as source_app,
    applications.application_number as request_number,
    applications.person_id,
    'Izin: ' || applications.permit_type_name as service_name,
    applications.service_code,
    applications.department_code,
    applications.kecamatan_code,
    applications.kelurahan_code,
    case
        when applications.status = 'submitted' then 'received'
        when applications.status in ('verification', 'survey', 'approval') then 'in_progress'
        when applications.status in ('issued', 'rejected') then 'closed'
        when applications.status = 'cancelled' then 'cancelled'
    end as status,
    applications.submitted_at as received_at,
    applications.submitted_date as received_date,
    office.processed_at,
    applications.closed_at,
    applications.target_working_days as target_days
from {{ ref('fct_permit_applications') }} as applications
left join {{ ref('int_permit_applications__stages') }} as office
    on applications.application_id = office.application_id
