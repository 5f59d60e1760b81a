-- Every kind of request an app knows, or that is configured for it, with its service: its own row,
-- else the app's '*', else none: a kind nobody configured is listed and counted, not lost.
with

kinds as (
    select
        'laksa' as source_app,
        category_name as request_kind
    from {{ ref('stg_laksa__categories') }}
    union
    select
        'perizinan' as source_app,
        permit_type_code as request_kind
    from {{ ref('stg_perizinan__permit_types') }}
    union
    select
        'darurat112' as source_app,
        coalesce(call_category, 'unknown') as request_kind
    from {{ ref('stg_darurat112__calls') }}
    where not is_ghost_call
    union
    select
        'siak' as source_app,
        coalesce(move_direction, 'unknown') as request_kind
    from {{ ref('stg_siak__moves') }}
    union
    select
        source_app,
        request_kind
    from {{ ref('seed_service_kinds') }}
    where request_kind <> '*'
),

configured as (
    select * from {{ ref('seed_service_kinds') }}
)

select
    kinds.source_app,
    kinds.request_kind,
    coalesce(of_kind.service_code, of_app.service_code, 'unmapped') as service_code
from kinds
left join configured as of_kind
    on kinds.source_app = of_kind.source_app and kinds.request_kind = of_kind.request_kind
left join configured as of_app
    on kinds.source_app = of_app.source_app and of_app.request_kind = '*'
