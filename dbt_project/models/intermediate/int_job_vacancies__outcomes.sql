with

vacancies as (
    select
        vacancy_id,
        opening_count
    from {{ ref('stg_siapkerja__vacancies') }}
),

applications as (
    select
        vacancy_id,
        count(*) as application_count,
        sum(case when result = 'accepted' then 1 else 0 end) as accepted_count,
        min(application_date) as first_application_date
    from {{ ref('stg_siapkerja__applications') }}
    group by vacancy_id
),

placements as (
    select
        vacancy_id,
        start_date,
        row_number() over (
            partition by vacancy_id
            order by start_date, placement_id
        ) as place_in_row
    from {{ ref('stg_siapkerja__placements') }}
),

-- Filled on the first working day of the one who took the last opening.
filled as (
    select
        vacancies.vacancy_id,
        count(*) as placement_count,
        max(
            case
                when placements.place_in_row = vacancies.opening_count then placements.start_date
            end
        ) as filled_date
    from vacancies
    inner join placements
        on vacancies.vacancy_id = placements.vacancy_id
    group by vacancies.vacancy_id
)

select
    vacancies.vacancy_id,
    coalesce(applications.application_count, 0) as application_count,
    cast(coalesce(applications.accepted_count, 0) as bigint) as accepted_count,
    applications.first_application_date,
    coalesce(filled.placement_count, 0) as placement_count,
    -- How many were sought is not always said.
    coalesce(filled.placement_count >= vacancies.opening_count, false) as is_filled,
    filled.filled_date
from vacancies
left join applications
    on vacancies.vacancy_id = applications.vacancy_id
left join filled
    on vacancies.vacancy_id = filled.vacancy_id
