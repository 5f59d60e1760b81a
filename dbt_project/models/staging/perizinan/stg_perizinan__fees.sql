{{ config(
    materialized='by_key',
    key=['fee_id'],
    changed_by={'retribusi': ['cast(id as bigint)']},
) }}

with

source as (
    select * from {{ source('lake_perizinan', 'retribusi') }}
),

renamed as (
    select
        -- ids
        cast(id as bigint) as fee_id,
        cast(permohonan_id as bigint) as application_id,

        -- strings
        metode as payment_method,

        -- numbers
        cast(jumlah as decimal(18, 2)) as amount_rupiah,

        -- times
        dibayar_pada as paid_at,
        diubah_pada as updated_at,
        _kota_at as landed_at
    from source
)

select * from renamed
