{#- Whole days from one date to another; negative when the second is earlier. -#}
{%- macro days_between(start_date, end_date) -%}
    date_diff('day', {{ start_date }}, {{ end_date }})
{%- endmacro -%}
