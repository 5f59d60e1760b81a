with

dispositions as (
    select
        complaint_id,
        max_by(laksa_department_id, (forwarded_at, disposition_id)) as last_laksa_department_id,
        min(forwarded_at) as first_forwarded_at
    from {{ ref('stg_laksa__dispositions') }}
    group by complaint_id
),

follow_ups as (
    select
        complaint_id,
        min(followed_up_at) as first_followed_up_at
    from {{ ref('stg_laksa__follow_ups') }}
    group by complaint_id
),

departments as (
    select
        department_key,
        department_code
    from {{ ref('int_departments__resolved') }}
    where source_app = 'laksa'
)

select
    complaints.complaint_id,
    coalesce(departments.department_code, 'unassigned') as department_code,
    case
        when dispositions.first_forwarded_at >= complaints.reported_at
            then dispositions.first_forwarded_at
    end as first_forwarded_at,
    case
        when follow_ups.first_followed_up_at >= complaints.reported_at
            then follow_ups.first_followed_up_at
    end as first_followed_up_at
from {{ ref('stg_laksa__complaints') }} as complaints
left join dispositions
    on complaints.complaint_id = dispositions.complaint_id
left join follow_ups
    on complaints.complaint_id = follow_ups.complaint_id
left join departments
    on cast(dispositions.last_laksa_department_id as varchar) = departments.department_key
