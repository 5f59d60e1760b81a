with

source as (
    select * from {{ source('lake_simpeg', 'unit_kerja') }}
),

renamed as (
    select
        -- ids
        trim(kode) as unit_code,
        nullif(nullif(trim(kode_induk), ''), '-') as parent_unit_code,

        -- strings
        trim(nama) as unit_name,

        -- numbers
        cast(tingkat as integer) as unit_level,

        -- booleans
        {{ parse_yes_no('aktif') }} as is_active,
        aktif as is_active_raw,

        -- times
        _kota_at as landed_at
    from source
)

select * from renamed
