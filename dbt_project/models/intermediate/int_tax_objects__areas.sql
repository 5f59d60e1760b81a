select
    known.tax_object_number,
    places.kecamatan_code,
    case
        when places.area_level = 'kelurahan' then places.area_code_kemendagri
        else 'unknown'
    end as kelurahan_code,
    places.area_match_method
from {{ ref('int_tax_objects__known') }} as known
inner join {{ ref('int_places__resolved') }} as places
    on
        {{ place_key(
            'pbb', 'tax_objects',
            kelurahan='known.kelurahan_name_raw', code='known.area_code_pbb',
        ) }} = places.place_key
