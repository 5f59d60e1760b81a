select
    'simpeg' as source_app,
    'pegawai' as source_table,
    cast(employees.employee_id as varchar) as record_key,
    employees.nik_raw,
    employees.full_name as name_raw,
    coalesce(employees.birth_date, employees.nip_birth_date) as birth_date,
    employees.sex,
    {{ known_kelurahan('places') }} as kelurahan_code,
    {{ known_kecamatan('places') }} as kecamatan_code,
    {{ street_key('employees.address') }} as street_key,
    {{ neighbourhood_in_address('employees.address') }} as neighbourhood,
    employees.phone_raw,
    cast(null as varchar) as parent_name_raw,
    cast(null as varchar) as other_parent_name_raw,
    cast(null as varchar) as child_table,
    cast(null as varchar) as child_key,
    cast(null as varchar) as family_card_number,
    employees.updated_at as recorded_at
from {{ ref('stg_simpeg__employees') }} as employees
left join {{ ref('int_places__resolved') }} as places
    on
        {{ place_key('simpeg', 'employees', kelurahan=kelurahan_in_address('employees.address')) }}
        = places.place_key
