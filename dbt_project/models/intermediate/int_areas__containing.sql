with

areas as (
    select * from {{ ref('dim_areas') }}
    where area_level <> 'province'
)

select
    area_code_kemendagri as area_code,
    area_code_kemendagri as containing_code
from areas
union all
select
    area_code_kemendagri as area_code,
    kecamatan_code as containing_code
from areas
where area_level = 'kelurahan'
union all
select
    area_code_kemendagri as area_code,
    '{{ var("city_code") }}' as containing_code
from areas
where area_level <> 'city'
