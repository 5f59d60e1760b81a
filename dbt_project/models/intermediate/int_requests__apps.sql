select
    apps.source_app,
    coalesce(freshness.is_stale, true) as is_stale,
    coalesce(freshness.is_held, false) as is_held
from (select distinct source_app from {{ ref('fct_service_requests') }}) as apps
left join {{ ref('rpt_app_freshness') }} as freshness
    on apps.source_app = freshness.app
