-- The office writes down the day of a registration and of an application, never the hour, and not
-- when a card was handed over.
with

registrations as (
    select
        'siapkerja:registration:' || cast(job_seeker_id as varchar) as request_id,
        'registration:' || cast(job_seeker_id as varchar) as request_number,
        person_id,
        'Kartu pencari kerja (AK-1)' as service_name,
        service_code,
        department_code,
        kecamatan_code,
        kelurahan_code,
        'closed' as status,
        registration_date as received_date,
        cast(null as timestamptz) as closed_at
    from {{ ref('fct_job_seekers') }}
),

applications as (
    select
        'siapkerja:application:' || cast(applications.job_application_id as varchar) as request_id,
        'application:' || cast(applications.job_application_id as varchar) as request_number,
        applications.person_id,
        'Lamaran kerja: ' || applications.sector as service_name,
        applications.service_code,
        applications.department_code,
        applications.home_kecamatan_code as kecamatan_code,
        applications.home_kelurahan_code as kelurahan_code,
        case applications.result
            when 'in_progress' then 'in_progress'
            when 'withdrawn' then 'cancelled'
            else 'closed'
        end as status,
        -- Nobody applies before being registered: that day is the best known of one not written.
        coalesce(applications.application_date, seekers.registration_date) as received_date,
        applications.decided_at as closed_at
    from {{ ref('fct_job_applications') }} as applications
    left join {{ ref('fct_job_seekers') }} as seekers
        on applications.job_seeker_id = seekers.job_seeker_id
),

requests as (
    select * from registrations
    union all
    select * from applications
)

select
    request_id,
    'siapkerja' as source_app,
    request_number,
    person_id,
    service_name,
    service_code,
    department_code,
    kecamatan_code,
    kelurahan_code,
    status,
    {{ start_of_day('received_date') }} as received_at,
    received_date,
    cast(null as timestamptz) as processed_at,
    case when closed_at >= {{ start_of_day('received_date') }} then closed_at end as closed_at,
    cast(null as bigint) as target_days
from requests
