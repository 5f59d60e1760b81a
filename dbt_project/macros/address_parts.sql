{#- The kelurahan at the end of an address that says so: "… RT 001/002, Kel. Paninggilan". -#}
{%- macro kelurahan_in_address(address) -%}
    nullif(regexp_extract({{ address }}, 'Kel[.] ([^,]+)$', 1), '')
{%- endmacro -%}

{#- The key under which two spellings of one street and house number meet: capitals, letters and
    digits, nothing from the RT or the kelurahan on. Jl. Merdeka – No. 5, RT 001/002 and JL. MERDEKA
    NO. 5 RT.1 RW.2 are both JLMERDEKANO5. NULL without a house number: a street alone is no home. -#}
{%- macro street_key(address) -%}
    {%- set key -%}
        {{ replace_all(
            replace_all("upper(" ~ address ~ ")", "[ ,]+(RT[. ]*[0-9]|KEL[. ]).*$", ""),
            "[^A-Z0-9]+", ""
        ) }}
    {%- endset -%}
    case when {{ matches_fully(key, '[A-Z].*[0-9]') }} then {{ key }} end
{%- endmacro -%}

{#- RT and RW in an address, as 1/2; NULL unless it has both. -#}
{%- macro neighbourhood_in_address(address) -%}
    {%- set behind_rt = replace_all("upper(" ~ address ~ ")", "^.*[ ,]RT[. ]*", "") -%}
    case
        when {{ matches_fully("upper(" ~ address ~ ")", ".*[ ,]RT[. ]*[0-9].*") }}
            then {{ parse_rt_rw(behind_rt, 1) }} || '/' || {{ parse_rt_rw(behind_rt, 2) }}
    end
{%- endmacro -%}
