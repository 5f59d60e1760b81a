with

applications as (
    select
        *,
        coalesce(result, 'unknown') as known_result,
        -- The row changes once more, when the firm or the seeker decides.
        case when result in ('accepted', 'rejected', 'withdrawn') then updated_at end
            as decided_at
    from {{ ref('stg_siapkerja__applications') }}
),

seekers as (
    select * from {{ ref('fct_job_seekers') }}
),

vacancies as (
    select * from {{ ref('fct_job_vacancies') }}
),

services as (
    select
        dim.service_code,
        dim.department_code,
        dim.department_name
    from {{ ref('int_services__kinds') }} as kinds
    inner join {{ ref('dim_services') }} as dim
        on kinds.service_code = dim.service_code
    where kinds.source_app = 'siapkerja' and kinds.request_kind = 'job_applications'
)

select
    -- ids
    applications.job_application_id,
    applications.job_seeker_id,
    seekers.person_id,
    applications.vacancy_id,

    -- what, who, where
    services.service_code,
    services.department_code,
    services.department_name,
    coalesce(vacancies.sector, 'Tidak diketahui') as sector,
    coalesce(vacancies.kecamatan_code, 'unknown') as kecamatan_code,
    coalesce(vacancies.kecamatan_name, 'Tidak diketahui') as kecamatan_name,
    coalesce(seekers.kelurahan_code, 'unknown') as home_kelurahan_code,
    coalesce(seekers.kecamatan_code, 'unknown') as home_kecamatan_code,
    coalesce(seekers.kecamatan_name, 'Tidak diketahui') as home_kecamatan_name,

    -- status
    applications.known_result as result,
    case applications.known_result
        when 'in_progress' then 'Diproses'
        when 'accepted' then 'Diterima'
        when 'rejected' then 'Ditolak'
        when 'withdrawn' then 'Mengundurkan diri'
        else 'Tidak diketahui'
    end as result_name,

    -- times
    applications.application_date,
    applications.decided_at,
    {{ local_date('applications.decided_at') }} as decision_date,
    {{ days_between('applications.application_date', local_date('applications.decided_at')) }}
        as days_to_decision,
    applications.known_result = 'in_progress' as is_open
from applications
left join seekers
    on applications.job_seeker_id = seekers.job_seeker_id
left join vacancies
    on applications.vacancy_id = vacancies.vacancy_id
cross join services
