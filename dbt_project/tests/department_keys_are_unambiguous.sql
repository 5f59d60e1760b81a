-- No spelling may mean two departments.
with

spellings as (
    select
        {{ normalise_name('department_name') }} as name_key,
        department_code
    from {{ ref('seed_departments') }}
    union
    select
        {{ normalise_name('department_short_name') }} as name_key,
        department_code
    from {{ ref('seed_departments') }}
    union
    select
        {{ normalise_name('alias') }} as name_key,
        department_code
    from {{ ref('seed_department_aliases') }}
)

select
    name_key,
    count(*) as department_count
from spellings
group by name_key
having count(*) > 1 or name_key is null
