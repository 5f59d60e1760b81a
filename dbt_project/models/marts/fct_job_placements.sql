with

placements as (
    select
        *,
        {{ local_date('created_at') }} as noted_date
    from {{ ref('stg_siapkerja__placements') }}
),

applications as (
    select * from {{ ref('fct_job_applications') }}
),

seekers as (
    select * from {{ ref('fct_job_seekers') }}
),

vacancies as (
    select * from {{ ref('fct_job_vacancies') }}
)

select
    -- ids
    placements.placement_id,
    placements.job_application_id,
    placements.job_seeker_id,
    placements.vacancy_id,

    -- what, where
    coalesce(vacancies.sector, 'Tidak diketahui') as sector,
    coalesce(vacancies.kecamatan_code, 'unknown') as kecamatan_code,
    coalesce(vacancies.kecamatan_name, 'Tidak diketahui') as kecamatan_name,
    coalesce(seekers.kecamatan_code, 'unknown') as home_kecamatan_code,
    coalesce(seekers.kecamatan_name, 'Tidak diketahui') as home_kecamatan_name,
    placements.is_in_city,

    -- times
    placements.start_date,
    placements.noted_date,
    {{ days_between('seekers.registration_date', 'placements.start_date') }}
        as days_from_registration,
    {{ days_between('applications.application_date', 'placements.start_date') }}
        as days_from_application
from placements
left join applications
    on placements.job_application_id = applications.job_application_id
left join seekers
    on placements.job_seeker_id = seekers.job_seeker_id
left join vacancies
    on placements.vacancy_id = vacancies.vacancy_id
