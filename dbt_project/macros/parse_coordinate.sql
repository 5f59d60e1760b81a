{#- A latitude or longitude in degrees, south and west negative, to DOUBLE: -6.17806, -6,17806,
    106.63°, 6.17 LS, 106,63 BT. Zero is what programs keep where nobody measured, and not this
    city: it is NULL, as is anything out of range or unreadable. -#}
{%- macro parse_coordinate(text) -%}
    {%- set written -%}
        upper(trim(cast({{ text }} as varchar)))
    {%- endset -%}
    {%- set degrees -%}
        try_cast(
            replace({{ replace_all(written, '[^0-9.,+-]', '') }}, ',', '.') as double
        )
    {%- endset -%}
    case
        when
            {{ matches_fully(written, '[-+]?[0-9]{1,3}([.,][0-9]+)? *°? *(LS|LU|BT|BB|[SNEW])?') }}
            and abs({{ degrees }}) > 0 and abs({{ degrees }}) <= 180
            then
                case
                    when {{ matches_fully(written, '.*(LS|S|BB|W)') }} then -abs({{ degrees }})
                    else {{ degrees }}
                end
    end
{%- endmacro -%}
