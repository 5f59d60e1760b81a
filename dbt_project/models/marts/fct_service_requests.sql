with

complaints as (
    select
        'laksa:' || cast(fct.complaint_id as varchar) as request_id,
        'laksa' as source_app,
        fct.complaint_number as request_number,
        'Pengaduan: ' || fct.category_name as service_name,
        fct.department_code,
        fct.department_name,
        fct.kecamatan_code,
        fct.kecamatan_name,
        case fct.status
            when 'new' then 'received'
            when 'in_progress' then 'in_progress'
            when 'done' then 'closed'
        end as status,
        fct.reported_at as received_at,
        fct.reported_date as received_date,
        handling.first_forwarded_at as processed_at,
        fct.closed_at,
        cast({{ var('complaint_target_working_days') }} as bigint) as target_days,
        fct.is_open,
        fct.age_days,
        fct.resolution_hours
    from {{ ref('fct_complaints') }} as fct
    left join {{ ref('int_complaints__handling') }} as handling
        on fct.complaint_id = handling.complaint_id
),

permit_applications as (
    select
        'perizinan:' || cast(fct.application_id as varchar) as request_id,
        'perizinan' as source_app,
        fct.application_number as request_number,
        'Izin: ' || fct.permit_type_name as service_name,
        fct.department_code,
        fct.department_name,
        fct.kecamatan_code,
        fct.kecamatan_name,
        case
            when fct.status = 'submitted' then 'received'
            when fct.status in ('verification', 'survey', 'approval') then 'in_progress'
            when fct.status in ('issued', 'rejected') then 'closed'
            when fct.status = 'cancelled' then 'cancelled'
        end as status,
        fct.submitted_at as received_at,
        fct.submitted_date as received_date,
        office.processed_at,
        fct.closed_at,
        fct.target_working_days as target_days,
        fct.is_open,
        {{ age_days('fct.is_open', 'fct.submitted_date', 'fct.closed_at') }} as age_days,
        fct.processing_hours as resolution_hours
    from {{ ref('fct_permit_applications') }} as fct
    left join {{ ref('int_permit_applications__stages') }} as office
        on fct.application_id = office.application_id
),

requests as (
    select * from complaints
    union all
    select * from permit_applications
)

select
    -- ids
    request_id,
    source_app,
    request_number,

    -- what, who, where
    service_name,
    department_code,
    department_name,
    kecamatan_code,
    kecamatan_name,

    -- status
    status,
    case status
        when 'received' then 'Diterima'
        when 'in_progress' then 'Diproses'
        when 'closed' then 'Selesai'
        when 'cancelled' then 'Dibatalkan'
    end as status_name,

    -- times
    received_at,
    received_date,
    processed_at,
    closed_at,
    target_days,
    is_open,
    {{ is_late('is_open', 'received_date', 'closed_at', 'target_days') }} as is_late,
    age_days,
    resolution_hours
from requests
