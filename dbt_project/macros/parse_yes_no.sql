{#- Yes and no as people and programs write it: ya, y, sudah, ada, benar, true, 1 and tidak, t, n,
    belum, salah, false, 0. A lone T is "tidak". Anything else is NULL. -#}
{%- macro parse_yes_no(text) -%}
    case lower(trim(cast({{ text }} as varchar)))
        when 'ya' then true
        when 'y' then true
        when 'yes' then true
        when 'sudah' then true
        when 'ada' then true
        when 'benar' then true
        when 'true' then true
        when '1' then true
        when 'tidak' then false
        when 'tdk' then false
        when 't' then false
        when 'n' then false
        when 'no' then false
        when 'belum' then false
        when 'blm' then false
        when 'tidak ada' then false
        when 'salah' then false
        when 'false' then false
        when '0' then false
    end
{%- endmacro -%}
