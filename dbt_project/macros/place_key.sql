{#- The key of what was written about one place: the same for every row of a table that says the
    same, so that places are matched once and not row by row. Positions count to a thousandth of a
    degree (110 m). -#}
{%- macro place_key(
    source_app, source_table, kecamatan='null', kelurahan='null', code='null', latitude='null',
    longitude='null'
) -%}
    {%- set said = namespace(sql="'" ~ source_app ~ '|' ~ source_table ~ "'") -%}
    {%- for text in [kecamatan, kelurahan, code] -%}
        {%- set said.sql = said.sql ~ " || '|' || coalesce(" ~ text ~ ", '')" -%}
    {%- endfor -%}
    {%- for degrees in [latitude, longitude] -%}
        {%- set said.sql =
            said.sql ~ " || '|' || coalesce(cast(cast(round(1000 * " ~ degrees
            ~ ") as bigint) as varchar), '')"
        -%}
    {%- endfor -%}
    md5({{ said.sql }})
{%- endmacro -%}

{#- The places one table mentions, for int_places__mentioned: one row per distinct way to write one.
    code_scheme says whose codes the app writes: kemendagri, bps, app (its own: seed_area_app_codes),
    or NULL if anybody's. -#}
{%- macro places_mentioned(
    relation, source_app, source_table, kecamatan='null', kelurahan='null', code='null',
    code_scheme='null', latitude='null', longitude='null'
) -%}
    select
        {{ place_key(
            source_app, source_table, kecamatan, kelurahan, code, latitude, longitude
        ) }} as place_key,
        '{{ source_app }}' as source_app,
        '{{ source_table }}' as source_table,
        min(cast({{ kecamatan }} as varchar)) as kecamatan_raw,
        min(cast({{ kelurahan }} as varchar)) as kelurahan_raw,
        min(cast({{ code }} as varchar)) as code_raw,
        cast({{ code_scheme }} as varchar) as code_scheme,
        min(round({{ latitude }}, 3)) as latitude,
        min(round({{ longitude }}, 3)) as longitude,
        count(*) as mention_count
    from {{ relation }}
    group by place_key
{%- endmacro -%}
