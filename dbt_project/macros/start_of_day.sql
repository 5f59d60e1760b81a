{#- The instant at which a day begins in the city. -#}
{%- macro start_of_day(day) -%}
    cast({{ day }} as timestamp) at time zone '{{ var("timezone") }}'
{%- endmacro -%}
