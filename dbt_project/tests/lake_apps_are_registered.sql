-- An app in the lake that the city's register lacks, or has under another department: correct
-- seed_city_apps or the app's registry file.
{{ config(severity='warn') }}

with

lake_apps as (
    select
        app,
        min(department_code) as department_code
    from {{ ref('stg_ops__lake_tables') }}
    group by app
)

select
    lake_apps.app,
    lake_apps.department_code as lake_department_code,
    register.department_code as register_department_code
from lake_apps
left join {{ ref('seed_city_apps') }} as register
    on lake_apps.app = register.kota_app
where
    register.kota_app is null
    or register.department_code <> lake_apps.department_code
