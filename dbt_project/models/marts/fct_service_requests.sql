with

requests as (
    select * from {{ ref('int_service_requests__laksa') }}
    union all
    select * from {{ ref('int_service_requests__perizinan') }}
    union all
    select * from {{ ref('int_service_requests__siak') }}
    union all
    select * from {{ ref('int_service_requests__siapkerja') }}
    union all
    select * from {{ ref('int_service_requests__darurat112') }}
),

services as (
    select * from {{ ref('dim_services') }}
),

departments as (
    select * from {{ ref('dim_departments') }}
),

areas as (
    select * from {{ ref('dim_areas') }}
),

-- A kind of request that has a promise of its own keeps to that, else to its service's.
promised as (
    select
        requests.*,
        services.service_title,
        requests.status in ('received', 'in_progress') as is_open,
        coalesce(requests.target_days, services.target_working_days) as promised_days
    from requests
    left join services
        on requests.service_code = services.service_code
)

select
    -- ids
    promised.request_id,
    promised.source_app,
    promised.request_number,
    promised.person_id,

    -- what, who, where
    promised.service_name,
    promised.service_code,
    promised.service_title,
    departments.department_code,
    departments.department_name,
    kecamatan.kecamatan_code,
    kecamatan.kecamatan_name,
    kelurahan.area_code_kemendagri as kelurahan_code,
    kelurahan.area_name as kelurahan_name,

    -- status
    promised.status,
    case promised.status
        when 'received' then 'Diterima'
        when 'in_progress' then 'Diproses'
        when 'closed' then 'Selesai'
        when 'cancelled' then 'Dibatalkan'
    end as status_name,

    -- times
    promised.received_at,
    promised.received_date,
    promised.processed_at,
    promised.closed_at,
    promised.promised_days as target_days,
    promised.is_open,
    {{ is_late(
        'promised.is_open', 'promised.received_date', 'promised.closed_at', 'promised.promised_days'
    ) }} as is_late,
    {{ age_days('promised.is_open', 'promised.received_date', 'promised.closed_at') }} as age_days,
    {{ hours_between('promised.received_at', 'promised.closed_at') }} as resolution_hours,
    {{ working_days_between('promised.received_date', local_date('promised.processed_at')) }}
        as response_working_days,
    {{ working_days_between('promised.received_date', local_date('promised.closed_at')) }}
        as resolution_working_days
from promised
left join departments
    on promised.department_code = departments.department_code
left join areas as kecamatan
    on promised.kecamatan_code = kecamatan.area_code_kemendagri
left join areas as kelurahan
    on promised.kelurahan_code = kelurahan.area_code_kemendagri
