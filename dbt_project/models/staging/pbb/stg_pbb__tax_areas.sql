with

source as (
    select * from {{ source('lake_pbb', 'kelurahan') }}
),

renamed as (
    select
        -- ids
        kd_wil as area_code_pbb,

        -- strings
        trim(nm_kel) as kelurahan_name_raw,
        trim(nm_kec) as old_kecamatan_name_raw,

        -- times
        _kota_at as landed_at
    from source
    -- What the counter enters for "not known" is no area.
    where kd_wil <> '000000'
)

select * from renamed
