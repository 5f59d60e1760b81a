{#- The first day of the month a day is in. -#}
{%- macro month_start(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro -%}
