select
    received_date,
    kecamatan_code,
    kecamatan_name,
    department_code,
    department_name,
    status,
    status_name,
    count(*) as request_count,
    cast(sum(case when is_open then 1 else 0 end) as bigint) as open_count,
    cast(sum(case when is_late then 1 else 0 end) as bigint) as late_count
from {{ ref('fct_service_requests') }}
group by all
