select
    'price_alarms' as measure,
    'segar' as source_app,
    cast(null as varchar) as department_code,
    kecamatan_code,
    max(price_date) as measured_date,
    cast(count(*) filter (where is_alarm) as double) as measured,
    cast(null as double) as usual
from {{ ref('rpt_price_watch') }}
group by grouping sets ((), (kecamatan_code))
