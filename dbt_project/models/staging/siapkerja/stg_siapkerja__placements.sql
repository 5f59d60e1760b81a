with

source as (
    select * from {{ source('lake_siapkerja', 'penempatan') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as placement_id,
        cast(lamaran_id as bigint) as job_application_id,
        cast(pencari_id as bigint) as job_seeker_id,
        cast(lowongan_id as bigint) as vacancy_id,

        -- numbers
        {{ parse_wage('upah') }} as wage_rupiah,
        {{ wage_basis('upah') }} as wage_basis,
        upah as wage_raw,

        -- booleans
        {{ parse_yes_no('dalam_kota') }} as is_in_city,
        dalam_kota as is_in_city_raw,

        -- times
        {{ parse_date_id('tgl_mulai') }} as start_date,
        tgl_mulai as start_date_raw,
        dibuat as created_at,
        _kota_at as landed_at
    from source
)

select * from renamed
