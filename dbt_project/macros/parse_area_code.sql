{#- Kemendagri's code of an area with its points, from its digits with or without them: 3671011001
    is 36.71.01.1001. A code of no city, kecamatan or kelurahan is NULL. BPS's codes of kelurahan
    have ten digits too: only the column says whose code it is. -#}
{%- macro parse_area_code(text) -%}
    {%- set digits -%}
        {{ replace_all("cast(" ~ text ~ " as varchar)", "[ .''-]", "") }}
    {%- endset -%}
    case
        when {{ matches_fully(digits, '[1-9][0-9]{9}') }}
            then
                left({{ digits }}, 2) || '.' || substring({{ digits }}, 3, 2) || '.'
                || substring({{ digits }}, 5, 2) || '.' || right({{ digits }}, 4)
        when {{ matches_fully(digits, '[1-9][0-9]{5}') }}
            then
                left({{ digits }}, 2) || '.' || substring({{ digits }}, 3, 2) || '.'
                || right({{ digits }}, 2)
        when {{ matches_fully(digits, '[1-9][0-9]{3}') }}
            then left({{ digits }}, 2) || '.' || right({{ digits }}, 2)
    end
{%- endmacro -%}
