with

visits as (
    select
        *,
        cast(date_trunc('month', visit_date) as date) as visit_month
    from {{ ref('stg_epuskesmas__visits') }}
),

patients as (
    select
        patient_id,
        {{ place_key('epuskesmas', 'patients', kelurahan='kelurahan_raw') }} as place_key
    from {{ ref('stg_epuskesmas__patients') }}
),

-- One person has a card at each centre they went to.
persons as (
    select
        record_key,
        person_id
    from {{ ref('int_persons__links') }}
    where source_app = 'epuskesmas' and source_table = 'pasien'
),

places as (
    select * from {{ ref('int_places__resolved') }}
),

chapters as (
    select * from {{ ref('seed_icd10_chapters') }}
)

select
    visits.visit_id,
    coalesce(persons.person_id, cast(visits.patient_id as varchar)) as patient_key,
    visits.visit_month,
    coalesce(places.kecamatan_code, 'unknown') as kecamatan_code,
    coalesce({{ known_kelurahan('places') }}, 'unknown') as kelurahan_code,
    coalesce(visits.clinic_department, 'unknown') as clinic_department,
    coalesce(chapters.diagnosis_chapter, 'unknown') as diagnosis_chapter
from visits
left join patients
    on visits.patient_id = patients.patient_id
left join persons
    on cast(visits.patient_id as varchar) = persons.record_key
left join places
    on patients.place_key = places.place_key
left join chapters
    on left(visits.diagnosis_code, 3) between chapters.code_from and chapters.code_to
-- Of a month that still changes, two nights' counts would give single visits away.
where {{ is_settled('visits.visit_month') }}
