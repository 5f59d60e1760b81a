select
    services.service_code,
    services.service_title,
    services.service_category,
    services.department_code,
    departments.department_name,
    services.audience,
    cast(services.target_working_days as bigint) as target_working_days
from {{ ref('seed_services') }} as services
left join {{ ref('dim_departments') }} as departments
    on services.department_code = departments.department_code
union all
select
    'unmapped' as service_code,
    'Belum dipetakan' as service_title,
    'Belum dipetakan' as service_category,
    departments.department_code,
    departments.department_name,
    'public' as audience,
    cast(null as bigint) as target_working_days
from {{ ref('dim_departments') }} as departments
where departments.department_code = 'unassigned'
