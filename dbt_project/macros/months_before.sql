{#- The day so many months before the first day of a month. -#}
{%- macro months_before(month_date, months) -%}
    cast({{ month_date }} - interval '{{ months }}' month as date)
{%- endmacro -%}
