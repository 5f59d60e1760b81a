{{ config(
    materialized='by_key',
    key=['tax_payment_number'],
    changed_by={'bayar': ['ntpd']},
) }}

{#- The channel's name with capitals and without signs, in which its spellings meet. -#}
{%- set channel -%}
    {{ replace_all("upper(tmp_bayar)", "[^A-Z]", "") }}
{%- endset -%}

with

source as (
    select * from {{ source('lake_pbb', 'bayar') }}
),

renamed as (
    select
        -- ids
        ntpd as tax_payment_number,
        nop as tax_object_number,

        -- strings
        case
            when {{ channel }} in ('BJB', 'BANKBJB', 'BANKJABARBANTEN', 'BCA') then 'bank'
            when {{ channel }} in ('TOKOPEDIA', 'GOPAY') then 'online'
            when {{ channel }} in ('INDOMARET', 'ALFAMART') then 'shop'
            when {{ channel }} = 'KANTORPOS' then 'post_office'
            when left({{ channel }}, 5) = 'LOKET' then 'counter'
        end as payment_channel,
        tmp_bayar as payment_channel_raw,

        -- numbers
        cast(thn_pajak as integer) as tax_year,
        cast(jml_bayar as decimal(18, 2)) as paid_rupiah,
        cast(denda as decimal(18, 2)) as fine_rupiah,

        -- times
        {{ parse_date_id('tgl_bayar') }} as paid_date,
        tgl_bayar as paid_date_raw,
        _kota_at as landed_at
    from source
)

select * from renamed
