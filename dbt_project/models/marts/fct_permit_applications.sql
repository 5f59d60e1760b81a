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

resolved_departments as (
    select * from {{ ref('int_departments__resolved') }}
    where source_app = 'perizinan'
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
),

places as (
    select
        place_key,
        kecamatan_code
    from {{ ref('int_places__resolved') }}
)

select
    -- ids
    applications.application_id,
    applications.application_number,

    -- what, who, where
    applications.permit_type_code,
    coalesce(permit_types.permit_type_name, 'Tidak diketahui') as permit_type_name,
    departments.department_code,
    departments.department_name,
    areas.kecamatan_code,
    areas.kecamatan_name,

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
left join resolved_departments
    on permit_types.department_name_raw = resolved_departments.department_key
left join stages
    on applications.application_id = stages.application_id
left join fees
    on applications.application_id = fees.application_id
left join places
    on
        {{ place_key('perizinan', 'applications', code='applications.area_code_bps') }}
        = places.place_key
left join departments
    on coalesce(resolved_departments.department_code, 'unassigned') = departments.department_code
left join areas
    on coalesce(places.kecamatan_code, 'unknown') = areas.area_code_kemendagri
