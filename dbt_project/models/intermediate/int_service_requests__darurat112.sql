-- Without a person: who calls mostly calls for somebody else, and of a medical call a name would
-- tell whose health it was about (specific personal data).
with

calls as (
    select
        *,
        called_date = max(called_date) over () as is_of_newest_day
    from {{ ref('fct_emergency_calls') }}
    where not is_ghost_call
),

kinds as (
    select * from {{ ref('int_services__kinds') }}
    where source_app = 'darurat112'
)

select
    'darurat112:' || calls.call_id as request_id,
    'darurat112' as source_app,
    calls.call_id as request_number,
    cast(null as varchar) as person_id,
    'Darurat 112: ' || calls.call_category_name as service_name,
    coalesce(kinds.service_code, 'unmapped') as service_code,
    calls.department_code,
    calls.kecamatan_code,
    calls.kelurahan_code,
    -- The control room sends a day's calls at midnight: of one that an older file left open, nobody
    -- ever tells when it was closed.
    case
        when not calls.is_open or not calls.is_of_newest_day then 'closed'
        when calls.dispatched_at is not null then 'in_progress'
        else 'received'
    end as status,
    calls.called_at as received_at,
    calls.called_date as received_date,
    calls.dispatched_at as processed_at,
    calls.closed_at,
    cast(null as bigint) as target_days
from calls
left join kinds
    on calls.call_category = kinds.request_kind
