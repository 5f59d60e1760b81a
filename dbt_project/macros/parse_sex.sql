{#- 'male' or 'female' from L/P, Laki-laki/Perempuan, Pria/Wanita, 1/2 (Dukcapil's codes), M/F;
    anything else is NULL. -#}
{%- macro parse_sex(text) -%}
    case {{ replace_all("upper(cast(" ~ text ~ " as varchar))", "[^A-Z0-9]", "") }}
        when 'L' then 'male'
        when 'LK' then 'male'
        when 'LAKI' then 'male'
        when 'LAKILAKI' then 'male'
        when 'PRIA' then 'male'
        when 'M' then 'male'
        when 'MALE' then 'male'
        when '1' then 'male'
        when 'P' then 'female'
        when 'PR' then 'female'
        when 'PEREMPUAN' then 'female'
        when 'WANITA' then 'female'
        when 'W' then 'female'
        when 'F' then 'female'
        when 'FEMALE' then 'female'
        when '2' then 'female'
    end
{%- endmacro -%}
