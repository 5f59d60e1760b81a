{{ config(
    materialized='by_key',
    key=['nik_raw'],
    changed_by={'penduduk': ['nik']},
) }}

with

source as (
    select * from {{ source('lake_siak', 'penduduk') }}
),

renamed as (
    select
        -- ids
        nik || '/' || no_kk as resident_entry_id,
        {{ parse_nik('nik') }} as nik,
        nik as nik_raw,
        no_kk as family_card_number,
        {{ parse_area_code('kode_kel') }} as area_code_kemendagri,
        kode_kel as area_code_raw,

        -- strings
        trim(nama_lgkp) as full_name,
        {{ normalise_person_name('nama_lgkp') }} as name_normalised,
        {{ parse_sex('jenis_klmin') }} as sex,
        trim(tmpt_lhr) as birth_place,
        case stat_kwn
            when 'BELUM KAWIN' then 'single'
            when 'KAWIN' then 'married'
            when 'CERAI HIDUP' then 'divorced'
            when 'CERAI MATI' then 'widowed'
        end as marital_status,
        stat_kwn as marital_status_raw,
        case stat_hbkel
            when 'KEPALA KELUARGA' then 'head'
            when 'ISTRI' then 'spouse'
            when 'SUAMI' then 'spouse'
            when 'ANAK' then 'child'
            when 'ORANG TUA' then 'parent'
            when 'FAMILI LAIN' then 'relative'
        end as family_role,
        stat_hbkel as family_role_raw,
        trim(jenis_pkrjn) as occupation,
        trim(alamat) as street_address,
        rt_rw as rt_rw_raw,
        case status
            when 'HIDUP' then 'resident'
            when 'PINDAH' then 'moved_away'
            when 'MENINGGAL' then 'dead'
        end as residency_status,
        status as residency_status_raw,

        -- numbers
        {{ parse_rt_rw('rt_rw', 1) }} as rt_number,
        {{ parse_rt_rw('rt_rw', 2) }} as rw_number,

        -- dates
        {{ parse_date_id('tgl_lhr') }} as birth_date,
        tgl_lhr as birth_date_raw,
        {{ parse_date_id('tgl_status') }} as status_date,
        {{ parse_date_id('tgl_ubah') }} as changed_date,

        -- times
        _kota_at as landed_at
    from source
),

-- Of a household whose old family card was never cancelled, the newest entry holds.
ranked as (
    select
        *,
        row_number() over (
            partition by nik_raw
            order by changed_date desc nulls last, family_card_number desc
        ) = 1 as is_newest_entry
    from renamed
)

select * from ranked
