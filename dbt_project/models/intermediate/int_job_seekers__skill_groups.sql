{#- The form asks for skills with commas between; the first that the seed knows counts. -#}
{%- set most = 6 -%}

with

seekers as (
    select
        job_seeker_id,
        skills
    from {{ ref('stg_siapkerja__job_seekers') }}
),

listed as (
    {% for n in range(1, most + 1) -%}
        select
            job_seeker_id,
            {{ n }} as place_in_list,
            {{ normalise_name("split_part(skills, ',', " ~ n ~ ")") }} as skill_key
        from seekers
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

known as (
    select
        {{ normalise_name('skill') }} as skill_key,
        skill_group
    from {{ ref('seed_skill_groups') }}
),

ranked as (
    select
        listed.job_seeker_id,
        known.skill_group,
        row_number() over (
            partition by listed.job_seeker_id
            order by listed.place_in_list
        ) as place_in_row
    from listed
    inner join known
        on listed.skill_key = known.skill_key
)

select
    job_seeker_id,
    skill_group
from ranked
where place_in_row = 1
