{#- The key under which two spellings of one place meet: capitals, no "Kec." or "Kelurahan" in
    front, nothing but letters and digits. Empty becomes NULL, so that it never joins. -#}
{%- macro normalise_place(name) -%}
    nullif(
        regexp_replace(
            regexp_replace(
                upper(trim({{ name }})), '^(KECAMATAN|KELURAHAN|KEC|KEL)([.]| |:)[.: ]*', ''
            ),
            '[^A-Z0-9]', '', 'g'
        ),
        ''
    )
{%- endmacro -%}
