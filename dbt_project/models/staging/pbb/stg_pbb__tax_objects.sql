{{ config(
    materialized='by_key',
    key=['tax_object_number'],
    changed_by={'objek': ['nop']},
) }}

{#- A note that the taxpayer has died: ALM. in front or (ALM) behind. -#}
{%- set name_without_note -%}
    {{ replace_all(
        "upper(trim(nm_wp))", "^ALM(H|ARHUM|ARHUMAH)?[. ]+| *[(]ALM(H|ARHUM|ARHUMAH)?[.]?[)]$", ""
    ) }}
{%- endset -%}
{#- RT 03/05 and RT.3 RW.5 alike, as 03/05 and 3/5. -#}
{%- set neighbourhood -%}
    {{ replace_all(
        replace_all("upper(almt_op)", "^.*RT[. ]*", ""), " *(/|RW[. ]*)", "/"
    ) }}
{%- endset -%}
{%- set has_neighbourhood -%}
    {{ matches_fully("upper(almt_op)", ".*RT[. ]*[0-9]{1,3} *(/|RW[. ]*)[0-9]{1,3}") }}
{%- endset -%}

with

source as (
    select * from {{ source('lake_pbb', 'objek') }}
),

renamed as (
    select
        -- ids
        nop as tax_object_number,
        nullif(kd_kec || kd_kel, '000000') as area_code_pbb,
        {{ parse_nik('nik_wp') }} as taxpayer_nik,
        nik_wp as taxpayer_nik_raw,

        -- strings
        {{ normalise_person_name(name_without_note) }} as taxpayer_name,
        trim(nm_wp) as taxpayer_name_raw,
        trim(almt_op) as address,

        -- numbers
        case
            when {{ has_neighbourhood }}
                then cast(split_part({{ neighbourhood }}, '/', 1) as integer)
        end as rt_number,
        case
            when {{ has_neighbourhood }}
                then cast(split_part({{ neighbourhood }}, '/', 2) as integer)
        end as rw_number,
        cast(ls_bumi as bigint) as land_square_metres,
        cast(ls_bng as bigint) as building_square_metres,
        cast(njop_bumi as decimal(18, 2)) as land_value_rupiah,
        cast(njop_bng as decimal(18, 2)) as building_value_rupiah,

        -- booleans
        {{ name_without_note }} <> upper(trim(nm_wp)) as is_noted_deceased,
        {{ matches_fully("upper(trim(nm_wp))", "(PT|CV|YAYASAN|KOPERASI)[. ].*") }} as is_company,

        -- times
        tgl_rekam as recorded_date,
        _kota_at as landed_at
    from source
)

select * from renamed
