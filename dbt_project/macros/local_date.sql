{#- The day an instant falls on in the city. -#}
{%- macro local_date(instant) -%}
    cast({{ instant }} at time zone '{{ var("timezone") }}' as date)
{%- endmacro -%}
