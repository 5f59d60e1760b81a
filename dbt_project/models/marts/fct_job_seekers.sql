with

seekers as (
    select * from {{ ref('stg_siapkerja__job_seekers') }}
),

homes as (
    select * from {{ ref('int_job_seekers__homes') }}
),

outcomes as (
    select * from {{ ref('int_job_seekers__outcomes') }}
),

skill_groups as (
    select * from {{ ref('int_job_seekers__skill_groups') }}
),

services as (
    select
        dim.service_code,
        dim.department_code,
        dim.department_name
    from {{ ref('int_services__kinds') }} as kinds
    inner join {{ ref('dim_services') }} as dim
        on kinds.service_code = dim.service_code
    where kinds.source_app = 'siapkerja' and kinds.request_kind = 'job_seekers'
)

select
    -- ids
    seekers.job_seeker_id,
    outcomes.person_id,

    -- what, who, where
    services.service_code,
    services.department_code,
    services.department_name,
    homes.kelurahan_code,
    homes.kelurahan_name,
    homes.kecamatan_code,
    homes.kecamatan_name,
    homes.area_match_method,
    seekers.sex,
    coalesce(seekers.education_level, 'unknown') as education_level,
    case seekers.education_level
        when 'primary' then 'SD'
        when 'lower_secondary' then 'SMP'
        when 'upper_secondary' then 'SMA'
        when 'vocational' then 'SMK'
        when 'diploma' then 'Diploma'
        when 'bachelor' then 'S1'
        when 'master' then 'S2'
        else 'Tidak diketahui'
    end as education_name,
    coalesce(skill_groups.skill_group, 'unknown') as skill_group,
    case skill_groups.skill_group
        when 'office' then 'Administrasi dan perkantoran'
        when 'transport' then 'Pengemudi dan pergudangan'
        when 'manufacturing' then 'Produksi dan teknik'
        when 'digital' then 'Desain dan digital'
        when 'service' then 'Layanan dan penjualan'
        when 'hospitality' then 'Makanan dan perhotelan'
        else 'Tidak diketahui'
    end as skill_group_name,

    -- status
    coalesce(seekers.status, 'unknown') as status,
    case seekers.status
        when 'seeking' then 'Mencari kerja'
        when 'employed' then 'Sudah bekerja'
        when 'lapsed' then 'Tidak aktif'
        else 'Tidak diketahui'
    end as status_name,

    -- times
    seekers.registration_date,
    outcomes.is_repeat_registration,
    outcomes.application_count,
    outcomes.is_placed,
    outcomes.placement_date,
    {{ days_between('seekers.registration_date', 'outcomes.placement_date') }}
        as days_to_placement
from seekers
left join homes
    on seekers.job_seeker_id = homes.job_seeker_id
left join outcomes
    on seekers.job_seeker_id = outcomes.job_seeker_id
left join skill_groups
    on seekers.job_seeker_id = skill_groups.job_seeker_id
cross join services
