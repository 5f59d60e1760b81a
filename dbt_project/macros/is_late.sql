{#- Late: still open after the last day of the target at as_of, or closed after it. A request that
    has no target, or was closed on a day nobody recorded, can't be called late. -#}
{%- macro is_late(is_open, received_date, closed_at, target_working_days) -%}
    coalesce(
        {{ working_days_between(
            received_date,
            "case when " ~ is_open ~ " then " ~ local_date(as_of())
            ~ " else " ~ local_date(closed_at) ~ " end",
        ) }} > {{ target_working_days }},
        false
    )
{%- endmacro -%}
