select
    residences.person_id,
    residences.kelurahan_code,
    kelurahan.area_name as kelurahan_name,
    residences.kecamatan_code,
    kelurahan.kecamatan_name,
    residences.valid_from,
    residences.valid_to,
    residences.is_current
from {{ ref('int_persons__residences') }} as residences
inner join {{ ref('dim_areas') }} as kelurahan
    on residences.kelurahan_code = kelurahan.area_code_kemendagri
