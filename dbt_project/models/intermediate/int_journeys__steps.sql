-- Whatever a person asks for several times on a day is one step of a journey.
select
    person_id,
    received_date,
    service_code,
    service_title,
    department_code
from {{ ref('fct_service_requests') }}
where person_id is not null
group by all
