with

mentioned as (
    select
        kecamatan_raw,
        kelurahan_raw
    from {{ ref('int_places__mentioned') }}
),

keys as (
    select {{ normalise_place('kecamatan_raw') }} as name_key
    from mentioned
    union
    select {{ normalise_place('kelurahan_raw') }} as name_key
    from mentioned
),

names as (
    select * from {{ ref('int_areas__names') }}
),

known as (
    select
        keys.name_key,
        names.area_code_kemendagri,
        names.area_level,
        names.official_name,
        names.kecamatan_code,
        case when names.is_alias then 'alias' else 'normalised' end as match_method,
        cast(1 as double) as score
    from keys
    inner join names
        on keys.name_key = names.name_key
),

-- Only what is no name at all is compared letter by letter, if it has letters enough.
unknown as (
    select keys.name_key
    from keys
    left join names
        on keys.name_key = names.name_key
    where names.name_key is null and length(keys.name_key) >= 4
),

compared as (
    select
        unknown.name_key,
        names.area_code_kemendagri,
        names.area_level,
        names.official_name,
        names.kecamatan_code,
        'fuzzy' as match_method,
        max({{ similarity('unknown.name_key', 'names.name_key') }}) as score
    from unknown
    cross join names
    group by
        unknown.name_key,
        names.area_code_kemendagri,
        names.area_level,
        names.official_name,
        names.kecamatan_code
)

select * from known
union all
select * from compared
where score >= {{ var('place_narrowed_score') }}
