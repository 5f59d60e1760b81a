with

source as (
    select * from {{ source('lake_siapkerja', 'lowongan') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as vacancy_id,
        kode as vacancy_number,

        -- strings
        trim(perusahaan) as company_name,
        trim(sektor) as sector,
        trim(jabatan) as job_title,
        kecamatan as kecamatan_raw,

        -- numbers
        try_cast(
            {{ replace_all('lower(trim(jml_lowongan))', ' *(org|orang)[.]?$', '') }} as integer
        ) as opening_count,
        jml_lowongan as opening_count_raw,
        {{ parse_wage('upah') }} as wage_rupiah,
        {{ wage_basis('upah') }} as wage_basis,
        upah as wage_raw,

        -- booleans
        {{ parse_yes_no('aktif') }} as is_active,
        aktif as is_active_raw,

        -- times
        {{ parse_date_id('tgl_buka') }} as opening_date,
        tgl_buka as opening_date_raw,
        {{ parse_date_id('tgl_tutup') }} as closing_date,
        tgl_tutup as closing_date_raw,
        updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
