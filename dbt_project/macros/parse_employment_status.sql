{#- 'pns', 'pppk' or 'honorary' from the personnel office's words; anything else is NULL. -#}
{%- macro parse_employment_status(text) -%}
    case upper(trim({{ text }}))
        when 'PNS' then 'pns'
        when 'PPPK' then 'pppk'
        when 'P3K' then 'pppk'
        when 'HONORER' then 'honorary'
        when 'HONOR' then 'honorary'
        when 'THL' then 'honorary'
    end
{%- endmacro -%}
