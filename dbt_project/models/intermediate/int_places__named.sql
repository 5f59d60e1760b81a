with

written as (
    select
        place_key,
        kecamatan_raw,
        kelurahan_raw,
        {{ normalise_place('kecamatan_raw') }} as kecamatan_key,
        {{ normalise_place('kelurahan_raw') }} as kelurahan_key,
        {{ says_kelurahan('kecamatan_raw') }} as says_kelurahan
    from {{ ref('int_places__mentioned') }}
    where kecamatan_raw is not null or kelurahan_raw is not null
),

spellings as (
    select * from {{ ref('int_places__spellings') }}
),

-- Within a kecamatan that is known, a less alike name of a kelurahan is enough.
narrowed as (
    select
        *,
        row_number() over (
            partition by name_key, kecamatan_code
            order by score desc, area_code_kemendagri asc
        ) as place_in_row
    from {{ ref('int_places__candidates') }}
    where area_level = 'kelurahan'
),

-- What stands where the kecamatan is asked is believed first. It means a kelurahan when it says so
-- ("Kel."), or stands in both places.
matched as (
    select
        written.place_key,
        first_said.area_code_kemendagri as first_code,
        first_said.area_level as first_level,
        first_said.kecamatan_code as first_kecamatan_code,
        case
            when
                written.kecamatan_raw = first_said.official_name
                and first_said.match_method = 'normalised'
                then 'exact'
            else first_said.match_method
        end as first_method,
        first_said.score as first_score,
        first_said.second_area_code as first_second_code,
        first_said.second_score as first_second_score,
        narrowed.area_code_kemendagri as narrowed_code,
        narrowed.kecamatan_code as narrowed_kecamatan_code,
        case
            when
                written.kelurahan_raw = narrowed.official_name
                and narrowed.match_method = 'normalised'
                then 'exact'
            else narrowed.match_method
        end as narrowed_method,
        narrowed.score as narrowed_score,
        then_said.area_code_kemendagri as then_code,
        then_said.area_level as then_level,
        then_said.kecamatan_code as then_kecamatan_code,
        case
            when
                written.kelurahan_raw = then_said.official_name
                and then_said.match_method = 'normalised'
                then 'exact'
            else then_said.match_method
        end as then_method,
        then_said.score as then_score,
        then_said.second_area_code as then_second_code,
        then_said.second_score as then_second_score
    from written
    left join spellings as first_said
        on
            written.kecamatan_key = first_said.name_key
            and first_said.asks_kelurahan
            = (
                written.says_kelurahan
                or coalesce(written.kecamatan_key = written.kelurahan_key, false)
            )
            and first_said.is_certain
    left join narrowed
        on
            written.kelurahan_key = narrowed.name_key
            and first_said.kecamatan_code = narrowed.kecamatan_code
            and narrowed.place_in_row = 1
    left join spellings as then_said
        on
            written.kelurahan_key = then_said.name_key
            and then_said.asks_kelurahan
            and then_said.is_certain
)

select
    place_key,
    case
        when first_level = 'kecamatan' then coalesce(narrowed_code, first_code)
        else coalesce(first_code, then_code)
    end as area_code_kemendagri,
    case
        when first_level = 'kecamatan' and narrowed_code is not null then 'kelurahan'
        else coalesce(first_level, then_level)
    end as area_level,
    coalesce(first_kecamatan_code, then_kecamatan_code) as kecamatan_code,
    case
        when first_level = 'kecamatan' then coalesce(narrowed_method, first_method)
        else coalesce(first_method, then_method)
    end as match_method,
    case
        when first_level = 'kecamatan' then least(first_score, coalesce(narrowed_score, 1))
        else coalesce(first_score, then_score)
    end as score,
    case
        when first_code is not null then first_second_code
        else then_second_code
    end as second_area_code,
    case
        when first_code is not null then first_second_score
        else then_second_score
    end as second_score
from matched
where first_code is not null or then_code is not null
