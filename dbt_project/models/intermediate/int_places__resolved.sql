with

mentioned as (
    select * from {{ ref('int_places__mentioned') }}
),

coded as (
    select * from {{ ref('int_places__coded') }}
),

named as (
    select * from {{ ref('int_places__named') }}
),

positioned as (
    select * from {{ ref('int_places__positioned') }}
)

select
    mentioned.place_key,
    mentioned.source_app,
    mentioned.source_table,
    mentioned.kecamatan_raw,
    mentioned.kelurahan_raw,
    mentioned.code_raw,
    mentioned.latitude,
    mentioned.longitude,
    mentioned.mention_count,
    coalesce(
        coded.area_code_kemendagri,
        named.area_code_kemendagri,
        positioned.area_code_kemendagri,
        'unknown'
    ) as area_code_kemendagri,
    coalesce(
        coded.kecamatan_code,
        named.kecamatan_code,
        positioned.kecamatan_code,
        'unknown'
    ) as kecamatan_code,
    case
        when coded.place_key is not null then coded.area_level
        when named.place_key is not null then named.area_level
        when positioned.area_code_kemendagri is not null then 'kelurahan'
        else 'unknown'
    end as area_level,
    case
        when coded.place_key is not null then coded.match_method
        when named.place_key is not null then named.match_method
        when positioned.area_code_kemendagri is not null then 'gps'
        else 'unresolved'
    end as area_match_method,
    case
        when coded.place_key is not null then 1
        else coalesce(named.score, positioned.score)
    end as area_match_score,
    case
        when coded.place_key is null
            then coalesce(named.second_area_code, positioned.second_area_code)
    end as second_area_code,
    case
        when coded.place_key is null
            then coalesce(named.second_score, positioned.second_score)
    end as second_match_score
from mentioned
left join coded
    on mentioned.place_key = coded.place_key
left join named
    on mentioned.place_key = named.place_key
left join positioned
    on
        coded.place_key is null
        and named.place_key is null
        and mentioned.latitude = positioned.latitude
        and mentioned.longitude = positioned.longitude
