{{ config(
    materialized='by_key',
    key=['complaint_id'],
    changed_by={'pengaduan': ['cast(id as bigint)']},
) }}

with

source as (
    select * from {{ source('lake_laksa', 'pengaduan') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as complaint_id,
        nomor as complaint_number,
        cast(pengguna_id as bigint) as citizen_id,
        cast(kategori_id as bigint) as category_id,

        -- strings
        judul as title,
        isi as body,
        kecamatan as kecamatan_raw,
        kelurahan as kelurahan_raw,
        case cast(status as integer)
            when 0 then 'new'
            when 1 then 'in_progress'
            when 2 then 'done'
            when 9 then 'spam'
        end as status,
        cast(status as integer) as status_raw,

        -- numbers
        cast(lat as double) as latitude,
        cast(lng as double) as longitude,

        -- times
        tgl_lapor as reported_at,
        tgl_selesai as finished_at,
        updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
