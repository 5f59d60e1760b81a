-- One key, one unit: else a price would be doubled.
select
    {{ normalise_name('spelling') }} as unit_key,
    count(*) as unit_count
from {{ ref('seed_units') }}
group by unit_key
having count(*) > 1 or unit_key is null
