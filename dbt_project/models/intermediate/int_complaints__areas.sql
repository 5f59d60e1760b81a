with

complaints as (
    select
        complaint_id,
        kecamatan_raw,
        latitude,
        longitude,
        {{ normalise_place('kecamatan_raw') }} as kecamatan_key,
        {{ normalise_place('kelurahan_raw') }} as kelurahan_key,
        regexp_matches(upper(trim(kecamatan_raw)), '^KEL(URAHAN)?[.: ]') as says_kelurahan
    from {{ ref('stg_laksa__complaints') }}
),

names as (
    select * from {{ ref('int_areas__names') }}
),

kelurahan as (
    select * from {{ ref('seed_areas') }}
    where area_level = 'kelurahan'
),

-- What was typed as the kecamatan is believed first: a kecamatan's name, else a kelurahan's.
-- Jatiuwung is both, and the kelurahan lies in another kecamatan (Cibodas): the kelurahan is meant
-- when it says so ("Kel."), or was typed in both fields.
named as (
    select
        complaints.complaint_id,
        complaints.latitude,
        complaints.longitude,
        complaints.kecamatan_raw = as_kecamatan.official_name as is_exact,
        as_kecamatan.is_alias,
        as_kecamatan.kecamatan_code as typed_kecamatan_code,
        case
            when complaints.says_kelurahan or complaints.kecamatan_key = complaints.kelurahan_key
                then
                    coalesce(
                        as_kelurahan.kecamatan_code,
                        as_kecamatan.kecamatan_code,
                        by_kelurahan.kecamatan_code
                    )
            else
                coalesce(
                    as_kecamatan.kecamatan_code,
                    as_kelurahan.kecamatan_code,
                    by_kelurahan.kecamatan_code
                )
        end as kecamatan_code
    from complaints
    left join names as as_kecamatan
        on
            complaints.kecamatan_key = as_kecamatan.name_key
            and as_kecamatan.area_level = 'kecamatan'
    left join names as as_kelurahan
        on
            complaints.kecamatan_key = as_kelurahan.name_key
            and as_kelurahan.area_level = 'kelurahan'
    left join names as by_kelurahan
        on
            complaints.kelurahan_key = by_kelurahan.name_key
            and by_kelurahan.area_level = 'kelurahan'
),

distances as (
    select
        named.complaint_id,
        kelurahan.kecamatan_code,
        {{ distance_km(
            'named.latitude', 'named.longitude', 'kelurahan.latitude', 'kelurahan.longitude'
        ) }} as distance_km
    from named
    cross join kelurahan
    where named.kecamatan_code is null and named.latitude is not null
),

nearest as (
    select
        complaint_id,
        min_by(kecamatan_code, distance_km) as kecamatan_code
    from distances
    where distance_km <= {{ var('gps_match_km') }}
    group by complaint_id
)

select
    named.complaint_id,
    coalesce(named.kecamatan_code, nearest.kecamatan_code, 'unknown') as kecamatan_code,
    case
        when nearest.kecamatan_code is not null then 'gps'
        when named.kecamatan_code is null then 'unresolved'
        when named.typed_kecamatan_code = named.kecamatan_code and named.is_exact then 'exact'
        when
            named.typed_kecamatan_code = named.kecamatan_code and not named.is_alias
            then 'normalised'
        else 'alias'
    end as area_match_method
from named
left join nearest
    on named.complaint_id = nearest.complaint_id
