with

areas as (
    select * from {{ ref('seed_areas') }}
),

official as (
    select
        {{ normalise_place('area_name') }} as name_key,
        area_level,
        area_code_kemendagri,
        area_name as official_name,
        kecamatan_code,
        false as is_alias
    from areas
),

known_as as (
    select
        {{ normalise_place('aliases.alias') }} as name_key,
        areas.area_level,
        areas.area_code_kemendagri,
        areas.area_name as official_name,
        areas.kecamatan_code,
        true as is_alias
    from {{ ref('seed_area_aliases') }} as aliases
    inner join areas
        on aliases.area_code_kemendagri = areas.area_code_kemendagri
),

-- Neighbours' names are known so that none of them is taken for a misspelt name of ours.
outside as (
    select
        {{ normalise_place('place_name') }} as name_key,
        'outside' as area_level,
        'outside' as area_code_kemendagri,
        place_name as official_name,
        'outside' as kecamatan_code,
        false as is_alias
    from {{ ref('seed_neighbour_places') }}
)

select * from official
union all
select * from known_as
union all
select * from outside
