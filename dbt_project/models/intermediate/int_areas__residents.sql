-- A person with two numbers lives once.
select
    residents.area_code_kemendagri as kelurahan_code,
    count(distinct coalesce(persons.person_id, residents.nik_raw)) as resident_count
from {{ ref('stg_siak__residents') }} as residents
left join {{ ref('int_persons__residents') }} as persons
    on residents.nik = persons.nik
where residents.is_newest_entry and residents.residency_status = 'resident'
group by residents.area_code_kemendagri
