with

applications as (
    select
        *,
        status not in ('issued', 'rejected', 'cancelled') as is_open,
        case
            when
                status in ('issued', 'rejected', 'cancelled') and finished_at >= submitted_at
                then finished_at
        end as closed_at,
        {{ local_date('submitted_at') }} as submitted_date
    from {{ ref('stg_perizinan__applications') }}
),

permit_types as (
    select * from {{ ref('stg_perizinan__permit_types') }}
),

handling as (
    select * from {{ ref('int_permit_applications__handling') }}
),

stages as (
    select * from {{ ref('int_permit_applications__stages') }}
),

fees as (
    select * from {{ ref('int_permit_applications__fees') }}
),

departments as (
    select * from {{ ref('dim_departments') }}
),

areas as (
    select * from {{ ref('dim_areas') }}
)

select
    -- ids
    applications.application_id,
    applications.application_number,
    handling.person_id,

    -- what, who, where
    applications.permit_type_code,
    coalesce(permit_types.permit_type_name, 'Tidak diketahui') as permit_type_name,
    handling.service_code,
    departments.department_code,
    departments.department_name,
    areas.kecamatan_code,
    areas.kecamatan_name,
    handling.kelurahan_code,

    -- status
    applications.status,
    case applications.status
        when 'submitted' then 'Diajukan'
        when 'verification' then 'Verifikasi'
        when 'survey' then 'Survei'
        when 'approval' then 'Persetujuan'
        when 'issued' then 'Terbit'
        when 'rejected' then 'Ditolak'
        when 'cancelled' then 'Dibatalkan'
    end as status_name,

    -- times
    applications.submitted_at,
    applications.submitted_date,
    applications.closed_at,
    {{ hours_between('applications.submitted_at', 'applications.closed_at') }}
        as processing_hours,
    {{ working_days_between('applications.submitted_date', local_date('stages.processed_at')) }}
        as response_working_days,
    {{ working_days_between('applications.submitted_date', local_date('applications.closed_at')) }}
        as resolution_working_days,
    permit_types.target_working_days,
    applications.is_open,
    {{ is_late(
        'applications.is_open',
        'applications.submitted_date',
        'applications.closed_at',
        'permit_types.target_working_days',
    ) }} as is_late,

    -- stages and fees
    coalesce(stages.stage_count, 0) as stage_count,
    coalesce(fees.fee_billed_rupiah, 0) as fee_billed_rupiah,
    coalesce(fees.fee_paid_rupiah, 0) as fee_paid_rupiah
from applications
left join permit_types
    on applications.permit_type_code = permit_types.permit_type_code
left join handling
    on applications.application_id = handling.application_id
left join stages
    on applications.application_id = stages.application_id
left join fees
    on applications.application_id = fees.application_id
left join departments
    on coalesce(handling.department_code, 'unassigned') = departments.department_code
left join areas
    on coalesce(handling.kecamatan_code, 'unknown') = areas.area_code_kemendagri
