-- Fields of a call that were filled and can't be read: a few are typing errors, many are a new way
-- of writing that the parsing macros or the lists of spellings should learn. A zero for a position
-- counts as unreadable.
{{ config(severity='warn') }}

with

fields as (
    select
        'phone' as field,
        phone_raw is not null as is_filled,
        phone is not null as is_readable
    from {{ ref('stg_darurat112__calls') }}
    union all
    select
        'position' as field,
        latitude_raw is not null as is_filled,
        latitude is not null as is_readable
    from {{ ref('stg_darurat112__calls') }}
    union all
    select
        'response_minutes' as field,
        response_minutes_raw is not null as is_filled,
        response_minutes is not null as is_readable
    from {{ ref('stg_darurat112__calls') }}
    union all
    select
        'unit' as field,
        unit_raw is not null as is_filled,
        unit_kind is not null as is_readable
    from {{ ref('stg_darurat112__calls') }}
)

select
    field,
    sum(case when is_filled then 1 else 0 end) as filled_count,
    sum(case when is_filled and not is_readable then 1 else 0 end) as unreadable_count
from fields
group by field
having
    sum(case when is_filled and not is_readable then 1 else 0 end)
    > 0.05 * sum(case when is_filled then 1 else 0 end)
