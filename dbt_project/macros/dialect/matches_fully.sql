{#- Whether the whole text is as the pattern says; NULL for NULL. -#}
{%- macro matches_fully(text, pattern) -%}
    {{ adapter.dispatch('matches_fully')(text, pattern) }}
{%- endmacro -%}

{%- macro default__matches_fully(text, pattern) -%}
    ({{ text }} rlike '^({{ pattern }})$')
{%- endmacro -%}

{%- macro duckdb__matches_fully(text, pattern) -%}
    regexp_full_match({{ text }}, '{{ pattern }}')
{%- endmacro -%}
