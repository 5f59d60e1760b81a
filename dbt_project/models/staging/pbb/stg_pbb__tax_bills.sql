{{ config(
    materialized='by_key',
    key=['tax_bill_number'],
    changed_by={'sppt': ['no_sppt']},
) }}

with

source as (
    select * from {{ source('lake_pbb', 'sppt') }}
),

renamed as (
    select
        -- ids
        no_sppt as tax_bill_number,
        nop as tax_object_number,

        -- numbers
        cast(thn_pajak as integer) as tax_year,
        cast(njop as decimal(18, 2)) as assessed_value_rupiah,
        cast(njoptkp as decimal(18, 2)) as untaxed_value_rupiah,
        cast(pbb_terhtg as decimal(18, 2)) as billed_rupiah,

        -- booleans
        {{ parse_yes_no('st_lunas') }} as is_settled,

        -- times
        tgl_cetak as printed_date,
        tgl_jt as due_date,
        _kota_at as landed_at
    from source
)

select * from renamed
