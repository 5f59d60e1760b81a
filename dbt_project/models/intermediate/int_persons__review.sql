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
    struct_extract(doubt, 'source_app') as app_2,
    struct_extract(doubt, 'source_table') as table_2,
    struct_extract(doubt, 'record_key') as key_2,
    person_id,
    struct_extract(doubt, 'match_weight') as match_weight,
    struct_extract(doubt, 'reason') as reason,
    struct_extract(doubt, 'evidence') as evidence
from links
-- Each pair is in doubt on both of its sides; one is enough to look at.
where
    (source_app, source_table, record_key)
    < (
        struct_extract(doubt, 'source_app'),
        struct_extract(doubt, 'source_table'),
        struct_extract(doubt, 'record_key')
    )
