with

bills as (
    select * from {{ ref('stg_pbb__tax_bills') }}
),

payments as (
    select
        tax_bill_number,
        count(*) as payment_count,
        sum(paid_rupiah) as paid_rupiah,
        sum(applied_rupiah) as applied_rupiah,
        sum(excess_rupiah) as overpaid_rupiah,
        sum(case when excess_reason = 'paid_again' then excess_rupiah end) as paid_again_rupiah,
        sum(case when excess_reason = 'paid_above' then excess_rupiah end) as paid_above_rupiah,
        sum(fine_rupiah) as fine_paid_rupiah,
        min(case when is_settling then paid_date end) as settled_date
    from {{ ref('int_tax_payments__applied') }}
    where tax_bill_number is not null
    group by tax_bill_number
),

objects as (
    select
        known.tax_object_number,
        known.is_on_roll,
        ids.tax_object_id,
        places.kelurahan_code,
        places.kecamatan_code,
        places.area_match_method
    from {{ ref('int_tax_objects__known') }} as known
    inner join {{ ref('int_tax_objects__ids') }} as ids
        on known.tax_object_number = ids.tax_object_number
    inner join {{ ref('int_tax_objects__areas') }} as places
        on known.tax_object_number = places.tax_object_number
),

areas as (
    select * from {{ ref('dim_areas') }}
),

summed as (
    select
        bills.*,
        coalesce(payments.payment_count, 0) as payment_count,
        coalesce(payments.paid_rupiah, 0) as paid_rupiah,
        bills.billed_rupiah - coalesce(payments.applied_rupiah, 0) as outstanding_rupiah,
        coalesce(payments.overpaid_rupiah, 0) as overpaid_rupiah,
        coalesce(payments.paid_again_rupiah, 0) as paid_again_rupiah,
        coalesce(payments.paid_above_rupiah, 0) as paid_above_rupiah,
        coalesce(payments.fine_paid_rupiah, 0) as fine_paid_rupiah,
        payments.settled_date,
        {{ local_date(as_of()) }} as today
    from bills
    left join payments
        on bills.tax_bill_number = payments.tax_bill_number
)

select
    -- ids
    summed.tax_bill_number,
    objects.tax_object_id,
    summed.tax_year,

    -- where
    kelurahan.area_code_kemendagri as kelurahan_code,
    kelurahan.area_name as kelurahan_name,
    areas.kecamatan_code,
    areas.kecamatan_name,
    objects.area_match_method,
    objects.is_on_roll,

    -- money
    summed.billed_rupiah,
    summed.payment_count,
    cast(summed.paid_rupiah as decimal(18, 2)) as paid_rupiah,
    cast(summed.outstanding_rupiah as decimal(18, 2)) as outstanding_rupiah,
    cast(summed.overpaid_rupiah as decimal(18, 2)) as overpaid_rupiah,
    cast(summed.paid_again_rupiah as decimal(18, 2)) as paid_again_rupiah,
    cast(summed.paid_above_rupiah as decimal(18, 2)) as paid_above_rupiah,
    cast(summed.fine_paid_rupiah as decimal(18, 2)) as fine_paid_rupiah,

    -- times
    summed.printed_date,
    summed.due_date,
    case when summed.outstanding_rupiah <= 0 then summed.settled_date end as settled_date,
    case
        when summed.outstanding_rupiah > 0 and summed.due_date < summed.today
            then {{ days_between('summed.due_date', 'summed.today') }}
    end as days_overdue,

    -- status
    summed.outstanding_rupiah <= 0 as is_paid,
    coalesce(summed.outstanding_rupiah > 0 and summed.due_date < summed.today, false)
        as is_overdue,
    summed.is_settled
from summed
left join objects
    on summed.tax_object_number = objects.tax_object_number
left join areas
    on objects.kecamatan_code = areas.area_code_kemendagri
left join areas as kelurahan
    on objects.kelurahan_code = kelurahan.area_code_kemendagri
