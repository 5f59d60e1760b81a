with

links as (
    select * from {{ ref('int_persons__links') }}
)

select
    source_app as app,
    count(*) as mention_count,
    count(distinct person_id) as person_count,
    count(*) filter (where method = 'nik') as exact_count,
    count(*) filter (where method = 'household') as household_count,
    count(*) filter (where method = 'probabilistic') as probabilistic_count,
    count(*) filter (where method = 'decision') as decision_count,
    count(*) filter (where method = 'single') as single_count,
    count(*) filter (where len(doubts) > 0) as review_count,
    1.0 - count(*) filter (where method = 'single') / count(*) as matched_share
from links
group by source_app
