with

payments as (
    select * from {{ ref('int_tax_payments__applied') }}
),

ids as (
    select * from {{ ref('int_tax_objects__ids') }}
),

places as (
    select * from {{ ref('int_tax_objects__areas') }}
),

areas as (
    select * from {{ ref('dim_areas') }}
)

select
    -- ids
    payments.tax_payment_number,
    payments.tax_bill_number,
    ids.tax_object_id,
    payments.tax_year,

    -- where, how
    kelurahan.area_code_kemendagri as kelurahan_code,
    kelurahan.area_name as kelurahan_name,
    areas.kecamatan_code,
    areas.kecamatan_name,
    coalesce(payments.payment_channel, 'unknown') as payment_channel,

    -- money
    payments.paid_rupiah,
    payments.applied_rupiah,
    payments.excess_rupiah,
    payments.excess_reason,
    payments.fine_rupiah,

    -- times
    payments.due_date,
    payments.paid_date,
    case
        when payments.paid_date > payments.due_date
            then {{ days_between('payments.due_date', 'payments.paid_date') }}
        when payments.paid_date <= payments.due_date then 0
    end as days_late,
    coalesce(payments.paid_date > payments.due_date, false) as is_late,
    payments.tax_bill_number is not null as is_matched
from payments
left join ids
    on payments.tax_object_number = ids.tax_object_number
left join places
    on payments.tax_object_number = places.tax_object_number
left join areas
    on places.kecamatan_code = areas.area_code_kemendagri
left join areas as kelurahan
    on places.kelurahan_code = kelurahan.area_code_kemendagri
