with

payments as (
    select * from {{ ref('stg_pbb__tax_payments') }}
),

bills as (
    select * from {{ ref('stg_pbb__tax_bills') }}
),

-- A payment names its bill by object and year.
matched as (
    select
        payments.*,
        bills.tax_bill_number,
        bills.due_date,
        coalesce(bills.billed_rupiah, 0) as billed_rupiah
    from payments
    left join bills
        on
            payments.tax_object_number = bills.tax_object_number
            and payments.tax_year = bills.tax_year
),

-- In the order in which they came; one whose day can't be read comes last.
running as (
    select
        *,
        sum(paid_rupiah) over (
            partition by tax_object_number, tax_year
            order by paid_date asc nulls last, tax_payment_number asc
            rows between unbounded preceding and current row
        ) as paid_until_rupiah
    from matched
),

-- Of what has come in until then, as much pays the bill as it asks for.
applied as (
    select
        *,
        greatest(least(paid_until_rupiah, billed_rupiah), 0)
        - greatest(least(paid_until_rupiah - paid_rupiah, billed_rupiah), 0) as applied_rupiah
    from running
)

select
    tax_payment_number,
    tax_object_number,
    tax_bill_number,
    tax_year,
    payment_channel,
    due_date,
    paid_date,
    fine_rupiah,
    paid_rupiah,
    cast(applied_rupiah as decimal(18, 2)) as applied_rupiah,
    cast(paid_rupiah - applied_rupiah as decimal(18, 2)) as excess_rupiah,
    case
        when paid_rupiah = applied_rupiah then null
        when tax_bill_number is null then 'no_bill'
        when applied_rupiah = 0 then 'paid_again'
        else 'paid_above'
    end as excess_reason,
    tax_bill_number is not null
    and applied_rupiah > 0
    and paid_until_rupiah >= billed_rupiah as is_settling
from applied
