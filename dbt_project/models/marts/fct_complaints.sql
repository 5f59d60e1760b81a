with

complaints as (
    select
        *,
        status <> 'done' as is_open,
        -- LAKSA also keeps zero dates and dates before the report: no closing time is better.
        case when status = 'done' and finished_at >= reported_at then finished_at end as closed_at,
        {{ local_date('reported_at') }} as reported_date
    from {{ ref('stg_laksa__complaints') }}
    where status is distinct from 'spam'
),

handling as (
    select * from {{ ref('int_complaints__handling') }}
),

places as (
    select * from {{ ref('int_complaints__areas') }}
),

categories as (
    select * from {{ ref('stg_laksa__categories') }}
),

kinds as (
    select * from {{ ref('int_services__kinds') }}
    where source_app = 'laksa'
),

persons as (
    select
        record_key,
        person_id
    from {{ ref('int_persons__links') }}
    where source_app = 'laksa' and source_table = 'pengguna'
),

departments as (
    select * from {{ ref('dim_departments') }}
),

areas as (
    select * from {{ ref('dim_areas') }}
)

select
    -- ids
    complaints.complaint_id,
    complaints.complaint_number,
    persons.person_id,

    -- what, who, where
    coalesce(categories.category_name, 'Tidak diketahui') as category_name,
    coalesce(kinds.service_code, 'unmapped') as service_code,
    departments.department_code,
    departments.department_name,
    areas.kecamatan_code,
    areas.kecamatan_name,
    coalesce(places.kelurahan_code, 'unknown') as kelurahan_code,
    places.area_match_method,

    -- status
    complaints.status,
    case complaints.status
        when 'new' then 'merah'
        when 'in_progress' then 'kuning'
        when 'done' then 'hijau'
    end as status_colour,

    -- times
    complaints.reported_at,
    complaints.reported_date,
    handling.first_followed_up_at as first_response_at,
    complaints.closed_at,
    {{ hours_between('complaints.reported_at', 'handling.first_followed_up_at') }}
        as response_hours,
    {{ hours_between('complaints.reported_at', 'complaints.closed_at') }} as resolution_hours,
    {{ working_days_between(
        'complaints.reported_date', local_date('handling.first_followed_up_at')
    ) }} as response_working_days,
    {{ working_days_between(
        'complaints.reported_date', local_date('complaints.closed_at')
    ) }} as resolution_working_days,
    complaints.is_open,
    {{ age_days('complaints.is_open', 'complaints.reported_date', 'complaints.closed_at') }}
        as age_days
from complaints
left join handling
    on complaints.complaint_id = handling.complaint_id
left join places
    on complaints.complaint_id = places.complaint_id
left join categories
    on complaints.category_id = categories.category_id
left join kinds
    on categories.category_name = kinds.request_kind
left join persons
    on cast(complaints.citizen_id as varchar) = persons.record_key
left join departments
    on handling.department_code = departments.department_code
left join areas
    on places.kecamatan_code = areas.area_code_kemendagri
