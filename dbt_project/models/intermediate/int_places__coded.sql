with

mentioned as (
    select
        place_key,
        source_app,
        code_scheme,
        replace(trim(code_raw), '.', '') as code,
        code_raw like '%.%' as has_points
    from {{ ref('int_places__mentioned') }}
    where code_raw is not null
),

areas as (
    select
        area_code_kemendagri,
        area_level,
        kecamatan_code,
        replace(area_code_kemendagri, '.', '') as code_kemendagri,
        area_code_bps as code_bps
    from {{ ref('seed_areas') }}
),

-- Without a scheme, points are Kemendagri's. Ten digits without points may be either's, and mean
-- two different kelurahan: then the code says nothing.
read_as as (
    select
        mentioned.place_key,
        areas.area_code_kemendagri,
        areas.area_level,
        areas.kecamatan_code,
        'kemendagri' as match_method
    from mentioned
    inner join areas
        on mentioned.code = areas.code_kemendagri
    where coalesce(mentioned.code_scheme, 'kemendagri') = 'kemendagri'
    union all
    select
        mentioned.place_key,
        areas.area_code_kemendagri,
        areas.area_level,
        areas.kecamatan_code,
        'bps' as match_method
    from mentioned
    inner join areas
        on mentioned.code = areas.code_bps
    where
        mentioned.code_scheme = 'bps'
        or (mentioned.code_scheme is null and not mentioned.has_points)
    union all
    select
        mentioned.place_key,
        areas.area_code_kemendagri,
        areas.area_level,
        areas.kecamatan_code,
        'app_code' as match_method
    from mentioned
    inner join {{ ref('seed_area_app_codes') }} as app_codes
        on
            mentioned.source_app = app_codes.source_app
            and mentioned.code = replace(app_codes.app_code, '.', '')
    inner join areas
        on app_codes.area_code_kemendagri = areas.area_code_kemendagri
    where mentioned.code_scheme = 'app'
)

select
    place_key,
    min(area_code_kemendagri) as area_code_kemendagri,
    min(area_level) as area_level,
    min(kecamatan_code) as kecamatan_code,
    min(match_method) as match_method
from read_as
group by place_key
having count(distinct area_code_kemendagri) = 1
