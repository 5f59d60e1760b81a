{{ config(materialized='table') }}

with

source as (
    select * from {{ source('lake_sekolah', 'siswa_smp') }}
),

-- A cell that holds a number holds 15 digits of it: on the sheet of a school that typed numbers,
-- the last digit of every NIK is a zero.
judged as (
    select
        *,
        count(nik) over (partition by _file, _sheet) > 2
        and bool_and(right(nik, 1) = '0') over (partition by _file, _sheet) as is_nik_rounded
    from source
),

renamed as (
    select
        -- ids
        npsn || '/' || lpad(nisn, 10, '0') as enrolment_id,
        npsn,
        lpad(nisn, 10, '0') as nisn,
        case when not is_nik_rounded then {{ parse_nik('nik') }} end as nik,
        nik as nik_raw,
        {{ parse_nik('"ORANG TUA / WALI NIK"') }} as guardian_nik,
        "ORANG TUA / WALI NIK" as guardian_nik_raw,

        -- strings
        _sheet as school_name,
        trim("NAMA SISWA") as full_name,
        {{ parse_sex('"L/P"') }} as sex,
        "L/P" as sex_raw,
        trim("LAHIR TEMPAT") as birth_place,
        kelas as class_name,
        tahun_pelajaran as school_year,
        trim("ORANG TUA / WALI NAMA") as guardian_name,
        {{ parse_phone('"ORANG TUA / WALI NO HP"') }} as guardian_phone,
        "ORANG TUA / WALI NO HP" as guardian_phone_raw,
        kelurahan as kelurahan_raw,

        -- numbers
        try_cast(left(kelas, 1) as integer) as grade,

        -- booleans
        is_nik_rounded,

        -- times
        {{ parse_date_id('"LAHIR TANGGAL"') }} as birth_date,
        "LAHIR TANGGAL" as birth_date_raw,
        _kota_at as landed_at
    from judged
)

select * from renamed
