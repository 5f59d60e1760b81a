with

seekers as (
    select
        job_seeker_id,
        {{ place_key('siapkerja', 'job_seekers', kelurahan='kelurahan_raw') }} as place_key
    from {{ ref('stg_siapkerja__job_seekers') }}
),

places as (
    select * from {{ ref('int_places__resolved') }}
),

areas as (
    select * from {{ ref('dim_areas') }}
)

select
    seekers.job_seeker_id,
    kelurahan.area_code_kemendagri as kelurahan_code,
    kelurahan.area_name as kelurahan_name,
    kecamatan.area_code_kemendagri as kecamatan_code,
    kecamatan.area_name as kecamatan_name,
    coalesce(places.area_match_method, 'unresolved') as area_match_method
from seekers
left join places
    on seekers.place_key = places.place_key
left join areas as kelurahan
    on coalesce({{ known_kelurahan('places') }}, 'unknown') = kelurahan.area_code_kemendagri
left join areas as kecamatan
    on coalesce(places.kecamatan_code, 'unknown') = kecamatan.area_code_kemendagri
