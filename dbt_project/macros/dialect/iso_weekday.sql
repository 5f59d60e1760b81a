{#- 1 for Monday … 7 for Sunday. -#}
{%- macro iso_weekday(day) -%}
    {{ adapter.dispatch('iso_weekday')(day) }}
{%- endmacro -%}

{%- macro default__iso_weekday(day) -%}
    (weekday({{ day }}) + 1)
{%- endmacro -%}

{%- macro duckdb__iso_weekday(day) -%}
    isodow({{ day }})
{%- endmacro -%}
