{#- Working days after the first date, up to and with the second, as dim_dates counts them. NULL
    where a date is unknown or not in dim_dates. -#}
{%- macro working_days_between(start_date, end_date) -%}
    ({{ working_day_number(end_date) }} - {{ working_day_number(start_date) }})
{%- endmacro -%}

{%- macro working_day_number(day) -%}
    (
        select max(dates.working_day_number)
        from {{ ref('dim_dates') }} as dates
        where dates.date_day = {{ day }}
    )
{%- endmacro -%}
