with

source as (
    select * from {{ source('ops', 'lake_tables') }}
),

renamed as (
    select
        -- ids
        app,
        app_name,
        table_name,
        department_code,

        -- strings
        held_reason,

        -- numbers
        promise_hours,
        lake_version,
        lake_rows as row_count,
        quarantined_rows as quarantined_count,
        source_rows as source_count,

        -- booleans
        is_held,

        -- times
        committed_at as loaded_at,
        checked_at,
        held_since
    from source
)

select * from renamed
