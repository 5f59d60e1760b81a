with

-- Only where neither a code nor a name told the place.
positions as (
    select distinct
        mentioned.latitude,
        mentioned.longitude
    from {{ ref('int_places__mentioned') }} as mentioned
    left join {{ ref('int_places__coded') }} as coded
        on mentioned.place_key = coded.place_key
    left join {{ ref('int_places__named') }} as named
        on mentioned.place_key = named.place_key
    where
        mentioned.latitude is not null
        and mentioned.longitude is not null
        and coded.place_key is null
        and named.place_key is null
),

kelurahan as (
    select * from {{ ref('seed_areas') }}
    where area_level = 'kelurahan'
),

distances as (
    select
        positions.latitude,
        positions.longitude,
        kelurahan.area_code_kemendagri,
        kelurahan.kecamatan_code,
        {{ distance_km(
            'positions.latitude', 'positions.longitude', 'kelurahan.latitude', 'kelurahan.longitude'
        ) }} as distance_km
    from positions
    cross join kelurahan
),

ranked as (
    select
        *,
        row_number() over (
            partition by latitude, longitude
            order by distance_km, area_code_kemendagri
        ) as place_in_row,
        lead(area_code_kemendagri) over (
            partition by latitude, longitude
            order by distance_km, area_code_kemendagri
        ) as second_area_code,
        lead(distance_km) over (
            partition by latitude, longitude
            order by distance_km, area_code_kemendagri
        ) as second_distance_km
    from distances
    where distance_km <= {{ var('gps_match_km') }}
)

select
    latitude,
    longitude,
    area_code_kemendagri,
    kecamatan_code,
    1 - distance_km / {{ var('gps_match_km') }} as score,
    second_area_code,
    1 - second_distance_km / {{ var('gps_match_km') }} as second_score
from ranked
where place_in_row = 1
