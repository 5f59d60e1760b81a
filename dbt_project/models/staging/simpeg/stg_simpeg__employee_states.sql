with

source as (
    select * from {{ source('lake_simpeg', 'pegawai__states') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as employee_id,

        -- strings
        {{ parse_employment_status('status') }} as employment_status,
        nullif(trim(gol), '') as grade,

        -- times
        _kota_at as known_from_at,
        _kota_until as known_until_at
    from source
)

select * from renamed
