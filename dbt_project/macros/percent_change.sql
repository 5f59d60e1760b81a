{#- By how much something changed, in per cent of what it was, to two decimals. NULL where either is
    not known, and from nothing. -#}
{%- macro percent_change(before, now) -%}
    cast(
        round(
            100.0 * cast({{ now }} - {{ before }} as double)
            / nullif(cast({{ before }} as double), 0),
            2
        ) as double
    )
{%- endmacro -%}
