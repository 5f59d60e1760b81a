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
