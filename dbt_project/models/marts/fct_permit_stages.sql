with

applications as (
    select * from {{ ref('fct_permit_applications') }}
),

stages as (
    select
        timed.stage_id,
        timed.application_id,
        timed.stage_number,
        timed.permit_stage,
        timed.entered_at,
        -- What nobody closed ended with the application.
        coalesce(
            timed.left_at,
            case when applications.closed_at >= timed.entered_at then applications.closed_at end
        ) as left_at,
        coalesce(applications.is_open, false) as is_open
    from {{ ref('int_permit_stages__timed') }} as timed
    left join applications
        on timed.application_id = applications.application_id
),

dated as (
    select
        *,
        {{ local_date('entered_at') }} as entered_date,
        {{ local_date('left_at') }} as left_date,
        is_open and left_at is null as is_current,
        -- Up to when the application has been in the stage.
        case when is_open and left_at is null then {{ as_of() }} else left_at end as until_at
    from stages
)

select
    -- ids
    dated.stage_id,
    dated.application_id,
    applications.application_number,
    dated.stage_number,

    -- what, who, where
    coalesce(dated.permit_stage, 'unknown') as permit_stage,
    case dated.permit_stage
        when 'verification' then 'Verifikasi'
        when 'survey' then 'Survei'
        when 'approval' then 'Persetujuan'
        else 'Tidak diketahui'
    end as permit_stage_name,
    applications.permit_type_code,
    applications.permit_type_name,
    coalesce(applications.department_code, 'unassigned') as department_code,
    coalesce(applications.department_name, 'Belum ditugaskan') as department_name,
    coalesce(applications.kecamatan_code, 'unknown') as kecamatan_code,
    coalesce(applications.kecamatan_name, 'Tidak diketahui') as kecamatan_name,

    -- times
    dated.entered_at,
    dated.left_at,
    dated.entered_date,
    dated.left_date,
    dated.is_current,
    {{ hours_between('dated.entered_at', 'dated.until_at') }} as stage_hours,
    {{ working_days_between('dated.entered_date', local_date('dated.until_at')) }}
        as working_days
from dated
left join applications
    on dated.application_id = applications.application_id
