{#- An instant as people write it here: its day and time in the city, `30/11/2026 05.30`. -#}
{%- macro date_text_id(instant) -%}
    {{ adapter.dispatch('date_text_id')(instant) }}
{%- endmacro -%}

{%- macro default__date_text_id(instant) -%}
    date_format(from_utc_timestamp({{ instant }}, '{{ var("timezone") }}'), 'dd/MM/yyyy HH.mm')
{%- endmacro -%}

{%- macro duckdb__date_text_id(instant) -%}
    strftime({{ instant }} at time zone '{{ var("timezone") }}', '%d/%m/%Y %H.%M')
{%- endmacro -%}
