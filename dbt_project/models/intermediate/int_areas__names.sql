with

areas as (
    select * from {{ ref('seed_areas') }}
),

aliases as (
    select * from {{ ref('seed_area_aliases') }}
),

official as (
    select
        {{ normalise_place('area_name') }} as name_key,
        area_level,
        area_name as official_name,
        kecamatan_code,
        false as is_alias
    from areas
),

known_as as (
    select
        {{ normalise_place('aliases.alias') }} as name_key,
        areas.area_level,
        areas.area_name as official_name,
        areas.kecamatan_code,
        true as is_alias
    from aliases
    inner join areas
        on aliases.area_code_kemendagri = areas.area_code_kemendagri
)

select * from official
union all
select * from known_as
