{#- How many for a thousand of the whole, to two decimals; NULL of nobody. -#}
{%- macro per_thousand(part, whole) -%}
    cast(
        round(
            1000.0 * cast({{ part }} as double) / nullif(cast({{ whole }} as double), 0), 2
        ) as double
    )
{%- endmacro -%}
