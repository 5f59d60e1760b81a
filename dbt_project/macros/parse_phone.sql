{#- An Indonesian phone number as +62 and the digits behind it: 0812…, +62 812-…, 62812…, 812…,
    (021) 5576…. Spaces, points, dashes and brackets make no difference, nor does the ".0" that a
    spreadsheet puts behind a number. Anything else, and two numbers in one field, is NULL. -#}
{%- macro parse_phone(text) -%}
    {%- set digits -%}
        {{ replace_all(
            replace_all("trim(cast(" ~ text ~ " as varchar))", "[.]0$", ""), "[ ().-]", ""
        ) }}
    {%- endset -%}
    {%- set number -%}
        {{ replace_all(digits, '^([+]?62)?0?', '') }}
    {%- endset -%}
    case
        when
            {{ matches_fully(digits, '([+]?62)?0?8[1-9][0-9]{7,10}|([+]?62|0)0?[2-79][0-9]{7,10}') }}
            then '+62' || {{ number }}
    end
{%- endmacro -%}
