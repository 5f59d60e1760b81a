with

stages as (
    select
        stage_id,
        application_id,
        permit_stage,
        started_at as entered_at,
        -- An end before the beginning is a typing error.
        case when finished_at >= started_at then finished_at end as finished_at
    from {{ ref('stg_perizinan__stages') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by application_id
            order by entered_at, stage_id
        ) as stage_number,
        lead(entered_at) over (
            partition by application_id
            order by entered_at, stage_id
        ) as next_entered_at
    from stages
)

select
    stage_id,
    application_id,
    stage_number,
    permit_stage,
    entered_at,
    -- An application is in one stage at a time: one that nobody closed, or closed after the next
    -- had begun, ended when that began.
    case
        when finished_at < next_entered_at or next_entered_at is null then finished_at
        else next_entered_at
    end as left_at
from numbered
