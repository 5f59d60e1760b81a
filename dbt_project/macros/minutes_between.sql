{#- Minutes from one instant to another, to one decimal (6 seconds). -#}
{%- macro minutes_between(start_at, end_at) -%}
    round(date_diff('second', {{ start_at }}, {{ end_at }}) / 60.0, 1)
{%- endmacro -%}
