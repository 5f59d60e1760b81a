with

calls as (
    select * from {{ ref('stg_darurat112__calls') }}
),

places as (
    select * from {{ ref('int_places__resolved') }}
)

select
    calls.call_id,
    places.kecamatan_code,
    case
        when places.area_level = 'kelurahan' then places.area_code_kemendagri
        else 'unknown'
    end as kelurahan_code,
    places.area_match_method,
    places.area_match_score
from calls
inner join places
    on
        {{ place_key(
            'darurat112', 'calls', kelurahan='calls.kelurahan_written',
            latitude='calls.latitude', longitude='calls.longitude',
        ) }} = places.place_key
where not calls.is_ghost_call
