{{ config(
    materialized='by_key',
    key=['job_application_id'],
    changed_by={'lamaran': ['cast(id as bigint)']},
) }}

with

source as (
    select * from {{ source('lake_siapkerja', 'lamaran') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as job_application_id,
        -- A number kept as text, now and then with zeros in front.
        try_cast(pencari_id as bigint) as job_seeker_id,
        cast(lowongan_id as bigint) as vacancy_id,

        -- strings
        case lower(trim(hasil))
            when 'diproses' then 'in_progress'
            when 'diterima' then 'accepted'
            when 'ditolak' then 'rejected'
            when 'mengundurkan diri' then 'withdrawn'
        end as result,
        hasil as result_raw,

        -- times
        {{ parse_date_id('tgl_lamar') }} as application_date,
        tgl_lamar as application_date_raw,
        updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
