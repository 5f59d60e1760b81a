with

links as (
    select * from {{ ref('int_persons__links') }}
),

mentions as (
    select
        *,
        -- A NIK tells date of birth and sex where the app has none.
        case when is_birth_date_sure then birth_date else {{ nik_birth_date('nik') }} end
            as known_birth_date,
        coalesce(
            sex,
            case when {{ nik_is_woman('nik') }} then 'female' when nik is not null then 'male' end
        ) as known_sex
    from {{ ref('int_persons__mentions') }}
),

persons as (
    select
        links.person_id,
        mode(mentions.known_sex order by links.mention) as sex,
        mode(year(mentions.known_birth_date) order by links.mention) as birth_year,
        -- Where the population register says; without it, the newest mention that knows the place,
        -- one that knows the kelurahan, if any does.
        arg_max(
            struct_pack(
                kelurahan_code := mentions.kelurahan_code,
                kecamatan_code := mentions.kecamatan_code
            ),
            (
                mentions.family_card_number is not null,
                mentions.kelurahan_code is not null,
                mentions.recorded_at,
                links.mention
            )
        ) filter (where mentions.kecamatan_code is not null) as home,
        count(distinct links.source_app) as app_count,
        count(*) as mention_count,
        bool_or(links.method <> 'single') as is_matched,
        bool_or(len(links.doubts) > 0) as is_in_review
    from links
    inner join mentions
        on
            links.source_app = mentions.source_app
            and links.source_table = mentions.source_table
            and links.record_key = mentions.record_key
    group by links.person_id
)

select
    person_id,
    sex,
    cast(birth_year // 5 * 5 as bigint) as birth_year_from,
    coalesce(struct_extract(home, 'kelurahan_code'), 'unknown') as kelurahan_code,
    coalesce(struct_extract(home, 'kecamatan_code'), 'unknown') as kecamatan_code,
    app_count,
    mention_count,
    is_matched,
    is_in_review
from persons
