{#- What was written about a place, fit to be shown: "(kosong)" for nothing, and "(angka)" for long
    numbers that may identify somebody; a code of an area has at most ten digits. -#}
{%- macro written_place(text) -%}
    case
        when coalesce(trim({{ text }}), '') in ('', '-') then '(kosong)'
        when length({{ replace_all(text, '[^0-9]', '') }}) > 10 then '(angka)'
        else trim({{ text }})
    end
{%- endmacro -%}
