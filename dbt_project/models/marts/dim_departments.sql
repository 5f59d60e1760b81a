select
    department_code,
    department_name,
    department_short_name
from {{ ref('seed_departments') }}
union all
select
    'unassigned' as department_code,
    'Belum ditugaskan' as department_name,
    'Belum ditugaskan' as department_short_name
