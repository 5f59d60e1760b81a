{{ config(
    materialized='by_key',
    key=['move_number'],
    changed_by={'perpindahan': ['no_pindah']},
) }}

with

source as (
    select * from {{ source('lake_siak', 'perpindahan') }}
),

renamed as (
    select
        -- ids
        no_pindah as move_number,
        {{ parse_nik('nik') }} as nik,
        nik as nik_raw,
        kk_asal as from_family_card_number,
        kk_tujuan as to_family_card_number,
        {{ parse_area_code('kel_asal') }} as from_area_code_kemendagri,
        kel_asal as from_area_code_raw,
        {{ parse_area_code('kel_tujuan') }} as to_area_code_kemendagri,
        kel_tujuan as to_area_code_raw,

        -- strings
        trim(nama_lengkap) as full_name,
        case jenis_pindah
            when 'DATANG' then 'in'
            when 'KELUAR' then 'out'
            when 'ANTAR KECAMATAN' then 'within'
            when 'DALAM SATU KECAMATAN' then 'within'
            when 'DALAM SATU KELURAHAN' then 'within'
        end as move_direction,
        jenis_pindah as move_direction_raw,
        alasan as reason,

        -- dates
        {{ parse_date_id('tgl_pindah') }} as move_date,
        tgl_pindah as move_date_raw,

        -- times
        _kota_at as landed_at
    from source
),

-- A letter typed with and without a spreadsheet's mark before the NIK is one letter.
deduplicated as (
    select * from renamed
    qualify
        row_number() over (
            partition by move_number, coalesce(nik, nik_raw)
            order by landed_at desc, nik_raw asc
        ) = 1
)

select * from deduplicated
