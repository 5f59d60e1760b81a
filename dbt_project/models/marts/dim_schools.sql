with

schools as (
    select
        *,
        {{ place_key(
            'sekolah', 'schools', kelurahan='kelurahan_raw', latitude='latitude',
            longitude='longitude',
        ) }} as place_key
    from {{ ref('stg_sekolah__schools') }}
),

places as (
    select * from {{ ref('int_places__resolved') }}
),

areas as (
    select * from {{ ref('dim_areas') }}
)

select
    schools.npsn,
    schools.school_name,
    schools.school_level,
    case schools.school_level
        when 'primary' then 'SD'
        when 'junior_secondary' then 'SMP'
    end as school_level_name,
    schools.is_private_school,
    kelurahan.area_code_kemendagri as kelurahan_code,
    kelurahan.area_name as kelurahan_name,
    kecamatan.area_code_kemendagri as kecamatan_code,
    kecamatan.area_name as kecamatan_name,
    coalesce(places.area_match_method, 'unresolved') as area_match_method,
    schools.latitude,
    schools.longitude
from schools
left join places
    on schools.place_key = places.place_key
left join areas as kelurahan
    on coalesce({{ known_kelurahan('places') }}, 'unknown') = kelurahan.area_code_kemendagri
left join areas as kecamatan
    on coalesce(places.kecamatan_code, 'unknown') = kecamatan.area_code_kemendagri
