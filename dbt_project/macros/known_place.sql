{#- The codes of a resolved place where it is known: the kelurahan, and the kecamatan. -#}
{%- macro known_kelurahan(places) -%}
    case when {{ places }}.area_level = 'kelurahan' then {{ places }}.area_code_kemendagri end
{%- endmacro -%}

{%- macro known_kecamatan(places) -%}
    nullif({{ places }}.kecamatan_code, 'unknown')
{%- endmacro -%}
