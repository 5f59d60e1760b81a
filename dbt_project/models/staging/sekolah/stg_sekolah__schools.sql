with

source as (
    select * from {{ source('lake_sekolah', 'sekolah') }}
),

renamed as (
    select
        -- ids
        cast(npsn as varchar) as npsn,

        -- strings
        trim("NAMA SEKOLAH") as school_name,
        case jenjang
            when 'SD' then 'primary'
            when 'SMP' then 'junior_secondary'
        end as school_level,
        jenjang as school_level_raw,
        trim(kelurahan) as kelurahan_raw,

        -- numbers
        {{ parse_coordinate('lintang') }} as latitude,
        lintang as latitude_raw,
        {{ parse_coordinate('bujur') }} as longitude,
        bujur as longitude_raw,

        -- booleans
        status = 'S' as is_private_school,
        status as is_private_school_raw,

        -- times
        _kota_at as landed_at
    from source
)

select * from renamed
