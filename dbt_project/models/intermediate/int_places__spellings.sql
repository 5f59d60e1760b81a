with

candidates as (
    select * from {{ ref('int_places__candidates') }}
),

-- Asked for a kelurahan or for a kecamatan, a name that is both (Jatiuwung) means another area.
asked as (
    select distinct
        name_key,
        true as asks_kelurahan
    from candidates
    union all
    select distinct
        name_key,
        false as asks_kelurahan
    from candidates
),

ranked as (
    select
        candidates.*,
        asked.asks_kelurahan,
        row_number() over (
            partition by candidates.name_key, asked.asks_kelurahan
            order by
                candidates.score desc,
                (candidates.area_level = 'kelurahan') = asked.asks_kelurahan desc,
                candidates.area_code_kemendagri
        ) as place_in_row
    from asked
    inner join candidates
        on asked.name_key = candidates.name_key
),

best as (
    select * from ranked
    where place_in_row = 1
),

-- The best that would put it into another kecamatan.
other as (
    select
        ranked.name_key,
        ranked.asks_kelurahan,
        ranked.area_code_kemendagri,
        ranked.score,
        row_number() over (
            partition by ranked.name_key, ranked.asks_kelurahan
            order by ranked.place_in_row
        ) as place_in_row
    from ranked
    inner join best
        on
            ranked.name_key = best.name_key
            and ranked.asks_kelurahan = best.asks_kelurahan
            and ranked.kecamatan_code <> best.kecamatan_code
)

select
    best.name_key,
    best.asks_kelurahan,
    best.area_code_kemendagri,
    best.area_level,
    best.official_name,
    best.kecamatan_code,
    best.match_method,
    best.score,
    other.area_code_kemendagri as second_area_code,
    other.score as second_score,
    best.area_level <> 'outside'
    and (
        best.score = 1
        or (
            best.score >= {{ var('place_fuzzy_score') }}
            and best.score - coalesce(other.score, 0) >= {{ var('place_fuzzy_margin') }}
        )
    ) as is_certain
from best
left join other
    on
        best.name_key = other.name_key
        and best.asks_kelurahan = other.asks_kelurahan
        and other.place_in_row = 1
