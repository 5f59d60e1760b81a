with

source as (
    select * from {{ source('lake_simpeg', 'jabatan_riwayat') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as post_id,
        cast(pegawai_id as bigint) as employee_id,
        trim(unit_kode) as unit_code,

        -- strings
        trim(jabatan) as post_title,
        nullif(nullif(trim(eselon), ''), '-') as echelon,
        no_sk as decree_number,

        -- booleans
        -- An open end is a zero date, NULL in the lake, or the last day of the calendar.
        coalesce(tmt_selesai, date '9999-12-31') = date '9999-12-31' as is_current,

        -- times
        tmt_mulai as begin_date,
        nullif(tmt_selesai, date '9999-12-31') as end_date,
        diubah as updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
