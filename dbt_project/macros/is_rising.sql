{#- Whether a number of complaints rose by so much that it is more than chance: in per cent, and by
    so many at least. False where either is not known. -#}
{%- macro is_rising(before, now) -%}
    coalesce(
        {{ now }} - {{ before }} >= {{ var('complaint_rise_min_count') }}
        and 100 * {{ now }} >= (100 + {{ var('complaint_rise_percent') }}) * {{ before }},
        false
    )
{%- endmacro -%}

{#- Whether an amount of money fell by more than the share that counts. False where either is not
    known. -#}
{%- macro is_falling(before, now) -%}
    coalesce(100 * {{ now }} <= (100 - {{ var('money_fall_percent') }}) * {{ before }}, false)
{%- endmacro -%}
