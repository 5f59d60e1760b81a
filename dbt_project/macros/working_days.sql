{#- Working days after the first date, up to and with the second. Government offices work Monday to
    Friday (Perpres 21/2023); public holidays are not known here yet and count as working days. -#}
{%- macro working_days_between(start_date, end_date) -%}
    ({{ working_days_until(end_date) }} - {{ working_days_until(start_date) }})
{%- endmacro -%}

{#- Working days from Monday 1 January 2001 up to and with the date: five for every whole week,
    and of the week begun, at most five. -#}
{%- macro working_days_until(day) -%}
    {%- set days -%}
        ({{ days_between("date '2001-01-01'", day) }} + 1)
    {%- endset -%}
    cast(5 * floor({{ days }} / 7) + least({{ days }} - 7 * floor({{ days }} / 7), 5) as bigint)
{%- endmacro -%}
