{#- A number as Indonesian programs write it, to DOUBLE: 1.234,56, 1.234, 12,5, -6,17, 12. The
    point parts thousands and the comma is decimal; a point with one, two or more than three digits
    behind it can only be decimal. Anything else is NULL, never a guess. Money: parse_rupiah. -#}
{%- macro parse_decimal_comma(text) -%}
    {%- set written -%}
        trim(cast({{ text }} as varchar))
    {%- endset -%}
    case
        when {{ matches_fully(written, '[-+]?([0-9]{1,3}([.][0-9]{3})+|[0-9]+)(,[0-9]+)?') }}
            then try_cast(replace(replace({{ written }}, '.', ''), ',', '.') as double)
        when {{ matches_fully(written, '[-+]?[0-9]+[.]([0-9]{1,2}|[0-9]{4,})') }}
            then try_cast({{ written }} as double)
    end
{%- endmacro -%}
