with

vacancies as (
    select
        *,
        {{ place_key('siapkerja', 'vacancies', kecamatan='kecamatan_raw') }} as place_key
    from {{ ref('stg_siapkerja__vacancies') }}
),

outcomes as (
    select
        outcomes.*,
        case
            when outcomes.is_filled then 'filled'
            -- Firms forget to switch a vacancy off.
            when
                not vacancies.is_active
                or coalesce(vacancies.closing_date < {{ local_date(as_of()) }}, false)
                then 'closed'
            else 'open'
        end as status
    from {{ ref('int_job_vacancies__outcomes') }} as outcomes
    inner join vacancies
        on outcomes.vacancy_id = vacancies.vacancy_id
),

places as (
    select * from {{ ref('int_places__resolved') }}
),

areas as (
    select * from {{ ref('dim_areas') }}
),

services as (
    select
        dim.service_code,
        dim.department_code,
        dim.department_name
    from {{ ref('int_services__kinds') }} as kinds
    inner join {{ ref('dim_services') }} as dim
        on kinds.service_code = dim.service_code
    where kinds.source_app = 'siapkerja' and kinds.request_kind = 'vacancies'
)

select
    -- ids
    vacancies.vacancy_id,
    vacancies.vacancy_number,

    -- what, who, where
    services.service_code,
    services.department_code,
    services.department_name,
    coalesce(vacancies.sector, 'Tidak diketahui') as sector,
    vacancies.job_title,
    areas.area_code_kemendagri as kecamatan_code,
    areas.area_name as kecamatan_name,
    coalesce(places.area_match_method, 'unresolved') as area_match_method,
    cast(vacancies.opening_count as bigint) as opening_count,
    vacancies.wage_rupiah,
    vacancies.wage_basis,

    -- status
    outcomes.status,
    case outcomes.status
        when 'open' then 'Dibuka'
        when 'filled' then 'Terisi'
        when 'closed' then 'Ditutup'
    end as status_name,

    -- times
    vacancies.opening_date,
    vacancies.closing_date,
    outcomes.first_application_date,
    outcomes.filled_date,
    outcomes.application_count,
    outcomes.accepted_count,
    outcomes.placement_count,
    {{ days_between('vacancies.opening_date', 'outcomes.first_application_date') }}
        as days_to_first_application,
    {{ days_between('vacancies.opening_date', 'outcomes.filled_date') }} as days_to_fill,
    outcomes.status = 'open' as is_open,
    outcomes.is_filled
from vacancies
left join outcomes
    on vacancies.vacancy_id = outcomes.vacancy_id
left join places
    on vacancies.place_key = places.place_key
left join areas
    on coalesce(places.kecamatan_code, 'unknown') = areas.area_code_kemendagri
cross join services
