with

tables as (
    select * from {{ ref('stg_ops__lake_tables') }}
),

apps as (
    select
        app,
        min(app_name) as app_name,
        min(department_code) as department_code,
        max(loaded_at) as last_loaded_at,
        -- An app is as fresh as its stalest table.
        min(checked_at) as last_checked_at,
        count(*) as table_count,
        cast(sum(row_count) as bigint) as row_count,
        min(promise_hours) as promise_hours
    from tables
    group by app
),

departments as (
    select * from {{ ref('dim_departments') }}
)

select
    apps.app,
    apps.app_name,
    coalesce(departments.department_code, 'unassigned') as department_code,
    coalesce(departments.department_name, 'Belum ditugaskan') as department_name,
    apps.last_loaded_at,
    apps.last_checked_at,
    apps.table_count,
    apps.row_count,
    cast(apps.promise_hours as bigint) as promise_hours,
    coalesce(
        {{ hours_between('apps.last_checked_at', as_of()) }} > apps.promise_hours, true
    ) as is_stale,
    {{ as_of() }} as as_of
from apps
left join departments
    on apps.department_code = departments.department_code
