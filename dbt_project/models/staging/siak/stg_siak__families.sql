{{ config(
    materialized='by_key',
    key=['family_card_number'],
    changed_by={'keluarga': ['no_kk']},
) }}

with

source as (
    select * from {{ source('lake_siak', 'keluarga') }}
),

renamed as (
    select
        -- ids
        no_kk as family_card_number,
        {{ parse_nik('nik_kep') }} as head_nik,
        nik_kep as head_nik_raw,
        {{ parse_area_code('kd_kel') }} as area_code_kemendagri,
        kd_kel as area_code_raw,

        -- strings
        trim(nama_kep) as head_name,
        trim(alamat) as street_address,
        rt_rw as rt_rw_raw,

        -- numbers
        {{ parse_rt_rw('rt_rw', 1) }} as rt_number,
        {{ parse_rt_rw('rt_rw', 2) }} as rw_number,
        cast(jml_anggota as bigint) as member_count,

        -- booleans
        case status_kk when 'AKTIF' then true when 'BATAL' then false end as is_active,

        -- dates
        {{ parse_date_id('tgl_terbit') }} as issued_date,

        -- times
        _kota_at as landed_at
    from source
)

select * from renamed
