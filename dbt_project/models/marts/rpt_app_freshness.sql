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
        -- An app is as fresh as its stalest table, and of unknown age while one was never loaded.
        case when count(checked_at) = count(*) then min(checked_at) end as last_checked_at,
        count(*) as table_count,
        count(loaded_at) as loaded_count,
        coalesce(bool_or(is_held), false) as is_held,
        min(held_reason) as held_reason,
        min(held_since) as held_since,
        cast(sum(row_count) as bigint) as row_count,
        min(promise_hours) as promise_hours
    from tables
    group by app
),

departments as (
    select * from {{ ref('dim_departments') }}
),

judged as (
    select
        *,
        is_held or coalesce(
            {{ hours_between('last_checked_at', as_of()) }} > promise_hours, true
        ) as is_stale
    from apps
)

select
    judged.app,
    judged.app_name,
    coalesce(departments.department_code, 'unassigned') as department_code,
    coalesce(departments.department_name, 'Belum ditugaskan') as department_name,
    judged.last_loaded_at,
    judged.last_checked_at,
    judged.table_count,
    judged.row_count,
    cast(judged.promise_hours as bigint) as promise_hours,
    judged.is_stale,
    case
        when judged.loaded_count = 0 then 'Belum pernah dimuat'
        when judged.loaded_count < judged.table_count then 'Belum lengkap'
        when judged.is_held
            then concat('Ditahan sejak ', {{ date_text_id('judged.held_since') }})
        when judged.is_stale then 'Terlambat'
        else 'Terkini'
    end as status_name,
    judged.is_held,
    judged.held_reason,
    judged.held_since,
    {{ as_of() }} as as_of
from judged
left join departments
    on judged.department_code = departments.department_code
