{#- Whether a month (its first day) was over at as_of for as many days as visits may still be coded,
    corrected or deleted in. -#}
{%- macro is_settled(month_date) -%}
    {{ days_between(
        "cast(" ~ month_date ~ " + interval 1 month as date)", local_date(as_of())
    ) }} >= {{ var('health_settling_days') }}
{%- endmacro -%}
