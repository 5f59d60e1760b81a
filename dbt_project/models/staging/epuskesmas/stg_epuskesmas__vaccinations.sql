{{ config(
    materialized='by_key',
    key=['vaccination_id'],
    changed_by={'imunisasi': ['cast(id as bigint)']},
) }}

{#- A newborn without a name yet goes under the mother's: By. Ny. Siti. -#}
{%- set is_unnamed = matches_fully("upper(trim(nama_anak))", "BY[. ]+NY[. ]+.*") -%}

with

source as (
    select * from {{ source('lake_epuskesmas', 'imunisasi') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as vaccination_id,
        cast(puskesmas_id as bigint) as clinic_id,
        {{ parse_nik('nik_anak') }} as nik,
        nik_anak as nik_raw,

        -- strings
        case when not {{ is_unnamed }} then trim(nama_anak) end as full_name,
        nama_anak as full_name_raw,
        trim(nama_ibu) as mother_name,
        {{ parse_sex('jk') }} as sex,
        jk as sex_raw,
        kelurahan as kelurahan_raw,
        vaksin as vaccine,

        -- times
        cast(tgl_lahir as date) as birth_date,
        cast(tgl_imunisasi as date) as vaccination_date,
        tgl_input as recorded_at,
        _kota_at as landed_at
    from source
)

select * from renamed
