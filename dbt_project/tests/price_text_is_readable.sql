-- Prices that can't be read are left out of the mart: a few are typing errors, many are a new way
-- of writing that parse_rupiah should learn.
{{ config(severity='warn') }}

with

prices as (
    select
        count(*) as entry_count,
        count(*) filter (where price_raw is not null and price_rupiah is null) as unreadable_count
    from {{ ref('stg_segar__prices') }}
)

select *
from prices
where unreadable_count > 0.01 * entry_count
