with

unresolved as (
    select
        source_app,
        source_table,
        {{ written_place('kecamatan_raw') }} as kecamatan_written,
        {{ written_place('kelurahan_raw') }} as kelurahan_written,
        {{ written_place('code_raw') }} as code_written,
        latitude is not null and longitude is not null as has_position,
        mention_count
    from {{ ref('int_places__resolved') }}
    where area_match_method = 'unresolved'
),

counted as (
    select
        source_app,
        source_table,
        kecamatan_written,
        kelurahan_written,
        code_written,
        has_position,
        sum(mention_count) as mention_count
    from unresolved
    group by
        source_app, source_table, kecamatan_written, kelurahan_written, code_written, has_position
),

-- What hardly anybody wrote may be somebody's name or address: it is counted, not shown.
shown as (
    select
        *,
        mention_count >= {{ var('unresolved_place_min_count') }} as is_shown
    from counted
)

select
    source_app,
    source_table,
    case when is_shown then kecamatan_written else '(lainnya)' end as kecamatan_written,
    case when is_shown then kelurahan_written else '(lainnya)' end as kelurahan_written,
    case when is_shown then code_written else '(lainnya)' end as code_written,
    has_position,
    cast(sum(mention_count) as bigint) as mention_count
from shown
group by
    source_app,
    source_table,
    case when is_shown then kecamatan_written else '(lainnya)' end,
    case when is_shown then kelurahan_written else '(lainnya)' end,
    case when is_shown then code_written else '(lainnya)' end,
    has_position
