{#- Local days a request has been open at as_of, or took until it was closed; NULL when it was
    closed on a day nobody recorded. -#}
{%- macro age_days(is_open, received_date, closed_at) -%}
    case
        when {{ is_open }} then {{ days_between(received_date, local_date(as_of())) }}
        else {{ days_between(received_date, local_date(closed_at)) }}
    end
{%- endmacro -%}
