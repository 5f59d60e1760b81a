with

source as (
    select * from {{ source('lake_perizinan', 'jenis_izin') }}
),

renamed as (
    select
        -- ids
        kode as permit_type_code,

        -- strings
        trim(nama) as permit_type_name,
        trim(opd_teknis) as department_name_raw,

        -- numbers
        cast(sla_hari_kerja as bigint) as target_working_days,
        cast(tarif as decimal(18, 2)) as fee_rupiah,

        -- booleans
        cast(aktif as boolean) as is_active,

        -- times
        _kota_at as landed_at
    from source
)

select * from renamed
