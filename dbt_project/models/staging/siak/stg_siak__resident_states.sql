with

source as (
    select * from {{ source('lake_siak', 'penduduk__states') }}
),

renamed as (
    select
        -- ids
        {{ parse_nik('nik') }} as nik,
        nik as nik_raw,
        no_kk as family_card_number,
        {{ parse_area_code('kode_kel') }} as area_code_kemendagri,

        -- strings
        case status
            when 'HIDUP' then 'resident'
            when 'PINDAH' then 'moved_away'
            when 'MENINGGAL' then 'dead'
        end as residency_status,

        -- dates
        {{ parse_date_id('tgl_ubah') }} as changed_date,

        -- times
        _kota_at as known_from_at,
        _kota_until as known_until_at
    from source
)

select * from renamed
