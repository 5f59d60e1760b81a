select
    application_id,
    count(*) as stage_count,
    min(entered_at) as processed_at
from {{ ref('int_permit_stages__timed') }}
group by application_id
