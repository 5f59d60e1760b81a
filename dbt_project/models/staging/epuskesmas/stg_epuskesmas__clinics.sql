with

source as (
    select * from {{ source('lake_epuskesmas', 'puskesmas') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as clinic_id,
        kode as clinic_code,
        trim(kd_kec) as area_code_bps,

        -- strings
        trim(nama) as clinic_name,
        alamat as clinic_address,

        -- times
        _kota_at as landed_at
    from source
)

select * from renamed
