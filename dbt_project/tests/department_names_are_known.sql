-- Work of a department whose name is not known shows as unassigned: add the name to
-- seed_department_aliases.
{{ config(severity='warn') }}

select
    source_app,
    department_name_raw
from {{ ref('int_departments__resolved') }}
where department_code = 'unassigned'
