{#- Hours from one instant to another, to two decimals (36 seconds). -#}
{%- macro hours_between(start_at, end_at) -%}
    round(date_diff('second', {{ start_at }}, {{ end_at }}) / 3600.0, 2)
{%- endmacro -%}
