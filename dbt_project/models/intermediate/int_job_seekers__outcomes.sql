with

seekers as (
    select
        job_seeker_id,
        registration_date
    from {{ ref('stg_siapkerja__job_seekers') }}
),

persons as (
    select
        record_key,
        person_id
    from {{ ref('int_persons__links') }}
    where source_app = 'siapkerja' and source_table = 'pencari_kerja'
),

applications as (
    select
        job_seeker_id,
        count(*) as application_count
    from {{ ref('stg_siapkerja__applications') }}
    group by job_seeker_id
),

placements as (
    select
        job_seeker_id,
        min(start_date) as placement_date
    from {{ ref('stg_siapkerja__placements') }}
    group by job_seeker_id
)

select
    seekers.job_seeker_id,
    persons.person_id,
    -- Somebody whom nobody matched is taken for a person of their own.
    row_number() over (
        partition by coalesce(persons.person_id, cast(seekers.job_seeker_id as varchar))
        order by seekers.registration_date, seekers.job_seeker_id
    ) > 1 as is_repeat_registration,
    coalesce(applications.application_count, 0) as application_count,
    placements.job_seeker_id is not null as is_placed,
    placements.placement_date
from seekers
left join persons
    on cast(seekers.job_seeker_id as varchar) = persons.record_key
left join applications
    on seekers.job_seeker_id = applications.job_seeker_id
left join placements
    on seekers.job_seeker_id = placements.job_seeker_id
