{{ config(materialized='table') }}

{#- Some schools have place and date in one cell: Tangerang, 12 Mei 2014. -#}
{%- set birth_text -%}
    coalesce("TANGGAL LAHIR", trim(split_part("TEMPAT, TGL LAHIR", ',', 2)))
{%- endset -%}

with

source as (
    select * from {{ source('lake_sekolah', 'siswa_sd') }}
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

        -- strings
        _sheet as school_name,
        trim("NAMA SISWA") as full_name,
        {{ parse_sex('"L/P"') }} as sex,
        "L/P" as sex_raw,
        trim(coalesce("TEMPAT LAHIR", split_part("TEMPAT, TGL LAHIR", ',', 1))) as birth_place,
        kelas as class_name,
        tahun_pelajaran as school_year,
        trim("NAMA ORANG TUA") as guardian_name,
        {{ parse_phone('"NO HP"') }} as guardian_phone,
        "NO HP" as guardian_phone_raw,
        trim(alamat) as address,
        kelurahan as kelurahan_raw,

        -- numbers
        try_cast(left(kelas, 1) as integer) as grade,

        -- booleans
        is_nik_rounded,

        -- times
        {{ parse_date_id(birth_text) }} as birth_date,
        {{ birth_text }} as birth_date_raw,
        _kota_at as landed_at
    from judged
)

select * from renamed
