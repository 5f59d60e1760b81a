with

-- How each app names departments: by its own key, and by a name somebody typed.
mentioned as (
    select
        'laksa' as source_app,
        cast(laksa_department_id as varchar) as department_key,
        department_name_raw
    from {{ ref('stg_laksa__departments') }}
    union all
    select distinct
        'anggaran' as source_app,
        department_name_raw as department_key,
        department_name_raw
    from {{ ref('stg_anggaran__budget_lines') }}
    where department_name_raw is not null
    union all
    select distinct
        'perizinan' as source_app,
        department_name_raw as department_key,
        department_name_raw
    from {{ ref('stg_perizinan__permit_types') }}
    where department_name_raw is not null
    union all
    select
        'simpeg' as source_app,
        unit_code as department_key,
        unit_name as department_name_raw
    from {{ ref('stg_simpeg__units') }}
    where parent_unit_code is null
    union all
    select distinct
        'berita' as source_app,
        department_name_raw as department_key,
        department_name_raw
    from {{ ref('stg_berita__articles') }}
    where department_name_raw is not null
),

spellings as (
    select
        department_name as spelling,
        department_code
    from {{ ref('seed_departments') }}
    union all
    select
        department_short_name as spelling,
        department_code
    from {{ ref('seed_departments') }}
    union all
    select
        alias as spelling,
        department_code
    from {{ ref('seed_department_aliases') }}
),

-- The same department may be known by two spellings with one key; two departments may not.
known as (
    select
        {{ normalise_name('spelling') }} as name_key,
        min(department_code) as department_code
    from spellings
    group by name_key
    having count(distinct department_code) = 1
)

select
    mentioned.source_app,
    mentioned.department_key,
    mentioned.department_name_raw,
    coalesce(known.department_code, 'unassigned') as department_code
from mentioned
left join known
    on {{ normalise_name('mentioned.department_name_raw') }} = known.name_key
