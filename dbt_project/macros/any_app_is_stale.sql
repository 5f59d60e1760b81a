{#- Whether figures of any of these apps are of an earlier day: not read for longer than promised,
    held back, or of an app that kota does not know. -#}
{%- macro any_app_is_stale(apps) -%}
    (
        select count(*) filter (where not is_stale) < {{ apps | length }}
        from {{ ref('rpt_app_freshness') }}
        where app in ({{ "'" ~ apps | join("', '") ~ "'" }})
    )
{%- endmacro -%}
