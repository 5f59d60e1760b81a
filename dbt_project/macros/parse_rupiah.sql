{#- Money as people and programs write it, to DECIMAL(18,2): 12500, 12500.5, 12.500, Rp 12.500,-,
    Rp12.500,00. Indonesian: the point parts thousands, the comma is decimal; a plain number may have
    a decimal point with one or two digits. Anything else is NULL, never a guess. -#}
{%- macro parse_rupiah(amount) -%}
    {%- set text -%}
        upper(trim(cast({{ amount }} as varchar)))
    {%- endset -%}
    case
        when regexp_full_match({{ text }}, '[0-9]+([.][0-9]{1,2})?')
            then try_cast({{ text }} as decimal(18, 2))
        when
            regexp_full_match(
                {{ text }}, '(RP[.]?)? *([0-9]{1,3}([.][0-9]{3})+|[0-9]+)(,[0-9]{1,2}|,-)?'
            )
            then try_cast(
                replace(
                    regexp_replace({{ text }}, '^RP[.]?|[.]|,-$| ', '', 'g'), ',', '.'
                ) as decimal(18, 2)
            )
    end
{%- endmacro -%}
