with

pupils as (
    select
        'primary' as school_level,
        enrolment_id,
        nisn,
        npsn,
        school_year,
        grade,
        sex
    from {{ ref('stg_sekolah__primary_pupils') }}
    union all
    select
        'junior_secondary' as school_level,
        enrolment_id,
        nisn,
        npsn,
        school_year,
        grade,
        sex
    from {{ ref('stg_sekolah__junior_secondary_pupils') }}
),

schools as (
    select * from {{ ref('dim_schools') }}
)

select
    pupils.enrolment_id,
    pupils.nisn,
    pupils.school_year,
    coalesce(schools.kecamatan_code, 'unknown') as kecamatan_code,
    pupils.school_level,
    pupils.npsn,
    coalesce(cast(pupils.grade as varchar), 'unknown') as grade,
    coalesce(pupils.sex, 'unknown') as sex
from pupils
left join schools
    on pupils.npsn = schools.npsn
