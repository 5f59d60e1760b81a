select
    application_id,
    count(*) as stage_count,
    min(started_at) as processed_at
from {{ ref('stg_perizinan__stages') }}
group by application_id
