{%- set levels = [
    ['visit_month', 'kecamatan_code', 'kelurahan_code', 'clinic_department', 'diagnosis_chapter'],
    ['visit_month', 'kecamatan_code', 'clinic_department', 'diagnosis_chapter'],
    ['visit_month', 'kecamatan_code', 'clinic_department'],
    ['visit_month', 'kecamatan_code'],
    ['visit_month'],
] -%}

with

pooled as (
    {{ pooled_groups(
        ref('int_health_visits__settled'), 'patient_key', 'visit_count', levels
    ) }}
),

areas as (
    select * from {{ ref('dim_areas') }}
),

chapters as (
    select * from {{ ref('seed_icd10_chapters') }}
)

select
    pooled.visit_month,

    -- where
    pooled.kecamatan_code,
    {{ pooled_name('pooled.kecamatan_code', 'kecamatan.area_name') }} as kecamatan_name,
    pooled.kelurahan_code,
    {{ pooled_name('pooled.kelurahan_code', 'kelurahan.area_name') }} as kelurahan_name,

    -- what
    pooled.clinic_department,
    case pooled.clinic_department
        when 'general' then 'Umum'
        when 'dental' then 'Gigi'
        when 'maternal' then 'Kesehatan ibu dan anak'
        when 'family_planning' then 'Keluarga berencana'
        when 'child' then 'Balita sakit (MTBS)'
        when 'elderly' then 'Lansia'
        when 'tuberculosis' then 'Tuberkulosis'
        when 'emergency' then 'Gawat darurat'
        when 'unknown' then 'Tidak diketahui'
        when 'pooled' then 'Digabung'
    end as clinic_department_name,
    pooled.diagnosis_chapter,
    {{ pooled_name('pooled.diagnosis_chapter', 'chapters.diagnosis_chapter_name') }}
        as diagnosis_chapter_name,

    pooled.visit_count
from pooled
left join areas as kecamatan
    on pooled.kecamatan_code = kecamatan.area_code_kemendagri
left join areas as kelurahan
    on pooled.kelurahan_code = kelurahan.area_code_kemendagri
left join chapters
    on pooled.diagnosis_chapter = chapters.diagnosis_chapter
