-- One key, one area of its level: else a complaint would be counted in two kecamatan.
select
    area_level,
    name_key,
    count(*) as area_count
from {{ ref('int_areas__names') }}
group by area_level, name_key
having count(*) > 1 or name_key is null
