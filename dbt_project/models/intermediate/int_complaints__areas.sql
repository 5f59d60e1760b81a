select
    complaints.complaint_id,
    places.area_code_kemendagri,
    places.kecamatan_code,
    case
        when places.area_level = 'kelurahan' then places.area_code_kemendagri
        else 'unknown'
    end as kelurahan_code,
    places.area_match_method
from {{ ref('stg_laksa__complaints') }} as complaints
inner join {{ ref('int_places__resolved') }} as places
    on
        {{ place_key(
            'laksa', 'complaints', 'complaints.kecamatan_raw', 'complaints.kelurahan_raw',
            latitude='complaints.latitude', longitude='complaints.longitude',
        ) }} = places.place_key
