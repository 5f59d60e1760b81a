-- Names and codes change: of the day of a request, its kelurahan, its kecamatan and its department
-- each have exactly one state in their history.
with

requests as (
    select distinct
        received_date,
        kelurahan_code,
        kecamatan_code,
        department_code
    from {{ ref('fct_service_requests') }}
),

areas as (
    select * from {{ ref('dim_areas_history') }}
),

departments as (
    select * from {{ ref('dim_departments_history') }}
),

states as (
    select
        requests.*,
        count(distinct kelurahan.valid_from) as kelurahan_states,
        count(distinct kecamatan.valid_from) as kecamatan_states,
        count(distinct departments.valid_from) as department_states
    from requests
    left join areas as kelurahan
        on
            requests.kelurahan_code = kelurahan.area_code_kemendagri
            and {{ valid_on('kelurahan', 'requests.received_date') }}
    left join areas as kecamatan
        on
            requests.kecamatan_code = kecamatan.area_code_kemendagri
            and {{ valid_on('kecamatan', 'requests.received_date') }}
    left join departments
        on
            requests.department_code = departments.department_code
            and {{ valid_on('departments', 'requests.received_date') }}
    group by
        requests.received_date,
        requests.kelurahan_code,
        requests.kecamatan_code,
        requests.department_code
)

select *
from states
where kelurahan_states <> 1 or kecamatan_states <> 1 or department_states <> 1
