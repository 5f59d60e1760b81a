with

source as (
    select * from {{ source('lake_simpeg', 'absensi_bulanan') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as attendance_id,
        trim(unit_kode) as unit_code,

        -- numbers
        cast(jml_pegawai as integer) as employee_count,
        cast(hari_kerja as integer) as working_days,
        cast(hadir as integer) as present_days,
        cast(izin as integer) as permitted_days,
        cast(sakit as integer) as sick_days,
        cast(cuti as integer) as leave_days,
        cast(alpa as integer) as unexcused_days,

        -- times
        cast(
            cast(thn as varchar) || '-' || lpad(cast(bln as varchar), 2, '0') || '-01' as date
        ) as month_date,
        diubah as updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
