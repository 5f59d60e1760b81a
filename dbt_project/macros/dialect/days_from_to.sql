{#- A query of one row per day, in column date_day, from the first date to the last, both with. -#}
{%- macro days_from_to(first_date, last_date) -%}
    {{ adapter.dispatch('days_from_to')(first_date, last_date) }}
{%- endmacro -%}

{%- macro default__days_from_to(first_date, last_date) -%}
    select explode(sequence(date '{{ first_date }}', date '{{ last_date }}')) as date_day
{%- endmacro -%}

{%- macro duckdb__days_from_to(first_date, last_date) -%}
    select cast(range as date) as date_day
    from range(date '{{ first_date }}', date '{{ last_date }}' + interval 1 day, interval 1 day)
{%- endmacro -%}
