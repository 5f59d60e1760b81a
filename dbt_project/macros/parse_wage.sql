{#- A monthly wage as advertisements have it, to DECIMAL(18,2): what parse_rupiah reads, and
    millions as "4,5 jt", "4.25 juta", "Rp 5jt". "UMR" and "Nego" name no amount: NULL, as is a
    range. -#}
{%- macro parse_wage(text) -%}
    {%- set written -%}
        {{ replace_all("lower(trim(cast(" ~ text ~ " as varchar)))", "^rp[.]? *", "") }}
    {%- endset -%}
    coalesce(
        {{ parse_rupiah(text) }},
        case
            when {{ matches_fully(written, '[0-9]{1,3}([.,][0-9]{1,3})? *(jt|juta)[.]?') }}
                then cast(
                    try_cast(
                        replace({{ replace_all(written, ' *(jt|juta)[.]?$', '') }}, ',', '.')
                        as decimal(9, 3)
                    ) * 1000000 as decimal(18, 2)
                )
        end
    )
{%- endmacro -%}

{#- What a wage is said to be: `amount`, `minimum_wage` (UMR, UMK, UMP: whatever the governor's
    decree of the year says), `negotiable`; NULL for nothing and for anything else. -#}
{%- macro wage_basis(text) -%}
    case
        when {{ parse_wage(text) }} is not null then 'amount'
        when {{ matches_fully("lower(trim(cast(" ~ text ~ " as varchar)))", 'um[rkp]([ .,].*)?') }}
            then 'minimum_wage'
        when {{ matches_fully("lower(trim(cast(" ~ text ~ " as varchar)))", 'nego.*') }}
            then 'negotiable'
    end
{%- endmacro -%}
