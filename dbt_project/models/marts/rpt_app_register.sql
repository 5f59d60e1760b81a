with

register as (
    select * from {{ ref('seed_city_apps') }}
),

lake_apps as (
    select
        app,
        count(*) as table_count,
        cast(sum(row_count) as bigint) as row_count,
        cast(sum(quarantined_count) as bigint) as quarantined_count,
        min(promise_hours) as promise_hours,
        max(loaded_at) as last_loaded_at,
        coalesce(bool_or(is_held), false) as is_held,
        -- An app is as fresh as its stalest table, and of unknown age while one was never loaded.
        case when count(checked_at) = count(*) then min(checked_at) end as last_checked_at
    from {{ ref('stg_ops__lake_tables') }}
    group by app
    having count(loaded_at) > 0
),

departments as (
    select * from {{ ref('dim_departments') }}
)

select
    register.app_id,
    register.app_name,
    register.description as app_description,
    coalesce(departments.department_code, 'unassigned') as department_code,
    coalesce(departments.department_name, 'Belum ditugaskan') as department_name,
    register.audience,
    register.integration_status,
    register.kota_app,
    lake_apps.app is not null as is_in_lake,
    coalesce(lake_apps.table_count, 0) as table_count,
    coalesce(lake_apps.row_count, 0) as row_count,
    coalesce(lake_apps.quarantined_count, 0) as quarantined_count,
    round(
        100.0 * lake_apps.quarantined_count
        / nullif(lake_apps.row_count + lake_apps.quarantined_count, 0), 2
    ) as quarantined_percent,
    cast(lake_apps.promise_hours as bigint) as promise_hours,
    lake_apps.last_loaded_at,
    lake_apps.last_checked_at,
    -- Nothing is promised of an app that is not integrated; one that should be here and isn't is
    -- as stale as can be.
    case
        when register.integration_status = 'integrated'
            then coalesce(lake_apps.is_held, true) or coalesce(
                {{ hours_between('lake_apps.last_checked_at', as_of()) }} > lake_apps.promise_hours,
                true
            )
    end as is_stale,
    {{ as_of() }} as as_of
from register
left join lake_apps
    on register.kota_app = lake_apps.app
left join departments
    on register.department_code = departments.department_code
