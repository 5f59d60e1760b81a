with

applications as (
    select * from {{ ref('stg_perizinan__applications') }}
),

permit_types as (
    select * from {{ ref('stg_perizinan__permit_types') }}
),

departments as (
    select * from {{ ref('int_departments__resolved') }}
    where source_app = 'perizinan'
),

kinds as (
    select * from {{ ref('int_services__kinds') }}
    where source_app = 'perizinan'
),

places as (
    select * from {{ ref('int_places__resolved') }}
),

persons as (
    select
        record_key,
        person_id
    from {{ ref('int_persons__links') }}
    where source_app = 'perizinan' and source_table = 'pemohon'
)

select
    applications.application_id,
    persons.person_id,
    coalesce(kinds.service_code, 'unmapped') as service_code,
    coalesce(departments.department_code, 'unassigned') as department_code,
    coalesce(places.kecamatan_code, 'unknown') as kecamatan_code,
    case
        when places.area_level = 'kelurahan' then places.area_code_kemendagri
        else 'unknown'
    end as kelurahan_code
from applications
left join permit_types
    on applications.permit_type_code = permit_types.permit_type_code
left join departments
    on permit_types.department_name_raw = departments.department_key
left join kinds
    on applications.permit_type_code = kinds.request_kind
left join places
    on
        {{ place_key('perizinan', 'applications', code='applications.area_code_bps') }}
        = places.place_key
left join persons
    on applications.applicant_id = persons.record_key
