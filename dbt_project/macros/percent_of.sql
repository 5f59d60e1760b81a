{#- A part in per cent of the whole, to two decimals; NULL of nothing. -#}
{%- macro percent_of(part, whole) -%}
    cast(
        round(
            100.0 * cast({{ part }} as double) / nullif(cast({{ whole }} as double), 0), 2
        ) as double
    )
{%- endmacro -%}
