{#- The key under which two spellings of one department or unit meet: capitals, nothing but letters
    and digits, and without the city's name, which some write and some don't. -#}
{%- macro normalise_name(name) -%}
    nullif(
        regexp_replace(
            regexp_replace(upper({{ name }}), '[^A-Z0-9]', '', 'g'),
            '(PEMKOT|KOTA)TANGERANG$', ''
        ),
        ''
    )
{%- endmacro -%}
