-- Of a number that two persons have, nobody can say whose it is.
select
    mentions.nik,
    min(links.person_id) as person_id
from {{ ref('int_persons__mentions') }} as mentions
inner join {{ ref('int_persons__links') }} as links
    on
        mentions.source_app = links.source_app
        and mentions.source_table = links.source_table
        and mentions.record_key = links.record_key
where mentions.source_app = 'siak' and mentions.nik is not null
group by mentions.nik
having count(distinct links.person_id) = 1
