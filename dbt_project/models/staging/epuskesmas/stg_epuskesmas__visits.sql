{{ config(
    materialized='by_key',
    key=['visit_id'],
    changed_by={'kunjungan': ['cast(id as bigint)']},
) }}

{#- Coders leave out the dot and the capitals: j069 is J06.9. -#}
{%- set code_letters = replace_all("upper(icd10)", "[^A-Z0-9]", "") -%}
{#- One clinic writes GIGI, the next Poli Gigi, a third BP GIGI (balai pengobatan). -#}
{%- set department = replace_all("upper(trim(poli))", "^(POLI|BP) +", "") -%}

with

source as (
    select * from {{ source('lake_epuskesmas', 'kunjungan') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as visit_id,
        cast(pasien_id as bigint) as patient_id,
        cast(puskesmas_id as bigint) as clinic_id,

        -- strings
        case {{ department }}
            when 'UMUM' then 'general'
            when 'GIGI' then 'dental'
            when 'KIA' then 'maternal'
            when 'KB' then 'family_planning'
            when 'MTBS' then 'child'
            when 'LANSIA' then 'elderly'
            when 'TB' then 'tuberculosis'
            when 'IGD' then 'emergency'
        end as clinic_department,
        poli as clinic_department_raw,
        case
            when {{ matches_fully(code_letters, '[A-Z][0-9]{2}') }} then {{ code_letters }}
            when {{ matches_fully(code_letters, '[A-Z][0-9]{3,4}') }}
                then left({{ code_letters }}, 3) || '.' || substring({{ code_letters }}, 4)
        end as diagnosis_code,
        icd10 as diagnosis_code_raw,
        case upper(trim(cara_bayar))
            when 'BPJS-PBI' then 'insured_by_state'
            when 'BPJS NON PBI' then 'insured'
            when 'BPJS' then 'insured'
            when 'JAMKESDA' then 'insured_by_city'
            when 'UMUM' then 'out_of_pocket'
            when 'GRATIS' then 'free'
        end as payment_kind,
        cara_bayar as payment_kind_raw,

        -- booleans
        {{ parse_yes_no('rujuk') }} as is_referred,
        rujuk as is_referred_raw,

        -- times
        cast(tgl_kunjungan as date) as visit_date,
        tgl_input as recorded_at,
        tgl_update as updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
