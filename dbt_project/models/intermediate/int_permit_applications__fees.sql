select
    application_id,
    cast(sum(amount_rupiah) as decimal(18, 2)) as fee_billed_rupiah,
    cast(sum(case when paid_at is not null then amount_rupiah else 0 end) as decimal(18, 2))
        as fee_paid_rupiah
from {{ ref('stg_perizinan__fees') }}
group by application_id
