{%- set levels = [
    ['school_year', 'kecamatan_code', 'school_level', 'npsn', 'grade', 'sex'],
    ['school_year', 'kecamatan_code', 'school_level', 'npsn', 'grade'],
    ['school_year', 'kecamatan_code', 'school_level', 'npsn'],
    ['school_year', 'kecamatan_code', 'school_level'],
    ['school_year', 'school_level'],
    ['school_year'],
] -%}

with

pooled as (
    {{ pooled_groups(
        ref('int_school_enrolment__pupils'), 'nisn', 'pupil_count', levels
    ) }}
),

schools as (
    select * from {{ ref('dim_schools') }}
),

areas as (
    select * from {{ ref('dim_areas') }}
)

select
    pooled.school_year,

    -- where
    pooled.kecamatan_code,
    {{ pooled_name('pooled.kecamatan_code', 'areas.area_name') }} as kecamatan_name,
    pooled.school_level,
    case pooled.school_level
        when 'primary' then 'SD'
        when 'junior_secondary' then 'SMP'
        when 'pooled' then 'Digabung'
    end as school_level_name,
    pooled.npsn,
    {{ pooled_name('pooled.npsn', 'schools.school_name') }} as school_name,

    -- who
    pooled.grade,
    pooled.sex,

    pooled.pupil_count
from pooled
left join schools
    on pooled.npsn = schools.npsn
left join areas
    on pooled.kecamatan_code = areas.area_code_kemendagri
