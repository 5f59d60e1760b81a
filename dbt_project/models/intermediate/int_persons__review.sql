with

links as (
    select
        source_app,
        source_table,
        record_key,
        person_id,
        unnest(doubts) as doubt
    from {{ ref('int_persons__links') }}
)

select
    source_app as app_1,
    source_table as table_1,
    record_key as key_1,
    doubt.source_app as app_2,
    doubt.source_table as table_2,
    doubt.record_key as key_2,
    person_id,
    doubt.match_weight,
    doubt.reason,
    doubt.evidence
from links
-- Each pair is in doubt on both of its sides; one is enough to look at.
where
    (source_app, source_table, record_key)
    < (doubt.source_app, doubt.source_table, doubt.record_key)
