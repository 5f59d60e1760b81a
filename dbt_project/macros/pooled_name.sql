{#- What officials read where a code's own name is not found: that its group was too small, or that
    nobody knows. -#}
{%- macro pooled_name(code, name) -%}
    case
        when {{ code }} = 'pooled' then 'Digabung'
        else coalesce({{ name }}, 'Tidak diketahui')
    end
{%- endmacro -%}
