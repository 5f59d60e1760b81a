{{ config(
    materialized='by_key',
    key=['stage_id'],
    changed_by={'tahapan': ['cast(id as bigint)']},
) }}

with

source as (
    select * from {{ source('lake_perizinan', 'tahapan') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as stage_id,
        cast(permohonan_id as bigint) as application_id,

        -- strings
        case tahap
            when 'verifikasi' then 'verification'
            when 'survei' then 'survey'
            when 'persetujuan' then 'approval'
        end as permit_stage,
        tahap as permit_stage_raw,
        petugas as officer_name,

        -- times
        mulai_pada as started_at,
        selesai_pada as finished_at,
        diubah_pada as updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
