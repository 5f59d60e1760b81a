{{ config(
    materialized='by_key',
    key=['application_id'],
    changed_by={'permohonan': ['cast(id as bigint)']},
) }}

with

source as (
    select * from {{ source('lake_perizinan', 'permohonan') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as application_id,
        nomor as application_number,
        cast(pemohon_id as varchar) as applicant_id,
        jenis_kode as permit_type_code,
        trim(lokasi_kode_bps) as area_code_bps,

        -- strings
        case status
            when 'diajukan' then 'submitted'
            when 'verifikasi' then 'verification'
            when 'survei' then 'survey'
            when 'persetujuan' then 'approval'
            when 'terbit' then 'issued'
            when 'ditolak' then 'rejected'
            when 'dibatalkan' then 'cancelled'
        end as status,
        status as status_raw,

        -- times
        diajukan_pada as submitted_at,
        selesai_pada as finished_at,
        diubah_pada as updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
