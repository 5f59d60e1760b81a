with

links as (
    select * from {{ ref('int_persons__links') }}
),

former as (
    select
        mention,
        arg_max(person_id, version) as person_id
    from {{ source('ops', 'person_history') }}
    group by mention
),

moved as (
    select
        former.person_id as former_person_id,
        links.person_id,
        count(*) as mentions
    from links
    inner join former
        on links.mention = former.mention
    group by former.person_id, links.person_id
),

counted as (
    select
        *,
        count(*) over (partition by former_person_id) as parts,
        max(cast(former_person_id = person_id as integer))
            over (partition by former_person_id) as is_kept
    from moved
)

select
    former_person_id,
    person_id,
    mentions,
    -- Who was parted keeps the id on one side; whose id is gone became part of another.
    case when is_kept = 1 or parts > 1 then 'split' else 'merged' end as change_kind
from counted
where former_person_id <> person_id
