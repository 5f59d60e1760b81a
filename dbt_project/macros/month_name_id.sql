{#- The Indonesian name of a month by its number. -#}
{%- macro month_name_id(month_number) -%}
    case {{ month_number }}
        when 1 then 'Januari'
        when 2 then 'Februari'
        when 3 then 'Maret'
        when 4 then 'April'
        when 5 then 'Mei'
        when 6 then 'Juni'
        when 7 then 'Juli'
        when 8 then 'Agustus'
        when 9 then 'September'
        when 10 then 'Oktober'
        when 11 then 'November'
        when 12 then 'Desember'
    end
{%- endmacro -%}
