-- A complaint without any clue to its place is normal; many are a new spelling for
-- seed_area_aliases.
{{ config(severity='warn') }}

with

complaints as (
    select
        count(*) as complaint_count,
        count(*) filter (where area_match_method = 'unresolved') as unresolved_count
    from {{ ref('fct_complaints') }}
)

select *
from complaints
where unresolved_count > 0.05 * complaint_count
