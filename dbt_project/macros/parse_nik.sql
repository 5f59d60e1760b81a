{#- A NIK that can be one, as its 16 digits: area of first registration (6), date of birth DDMMYY
    (women: day + 40), serial from 0001 (PP 37/2007 article 37). The province must be one of
    Kemendagri's, the date one of the calendar. Spaces, points, dashes and a spreadsheet's
    apostrophe make no difference; anything else is NULL. A prefix of another city is normal, since
    the NIK stays when people move. -#}
{%- macro parse_nik(text) -%}
    {%- set digits -%}
        {{ replace_all("cast(" ~ text ~ " as varchar)", "[ .''-]", "") }}
    {%- endset -%}
    case
        when
            {{ matches_fully(
                digits,
                '(1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-6])'
                ~ '(0[1-9]|[1-9][0-9]){2}([04][1-9]|[1256][0-9]|[37][01])(0[1-9]|1[0-2])[0-9]{6}'
            ) }}
            and right({{ digits }}, 4) <> '0000'
            -- A leap day of 19xx is one of 20xx too.
            and try_cast({{ nik_date_text(digits, "'20'") }} as date) is not null
            then {{ digits }}
    end
{%- endmacro -%}

{#- The date of birth in a valid NIK. It has two digits of the year: 20xx if that is not after
    as_of, else 19xx; a child's NIK and a centenarian's look alike. -#}
{%- macro nik_birth_date(nik) -%}
    coalesce(
        case
            when try_cast({{ nik_date_text(nik, "'20'") }} as date) <= {{ local_date(as_of()) }}
                then try_cast({{ nik_date_text(nik, "'20'") }} as date)
        end,
        try_cast({{ nik_date_text(nik, "'19'") }} as date)
    )
{%- endmacro -%}

{#- Whether a valid NIK is a woman's: 40 is added to her day of birth. -#}
{%- macro nik_is_woman(nik) -%}
    (substring({{ nik }}, 7, 1) >= '4')
{%- endmacro -%}

{%- macro nik_date_text(nik, century) -%}
    {{ century }} || substring({{ nik }}, 11, 2) || '-' || substring({{ nik }}, 9, 2) || '-'
    || lpad(cast(try_cast(substring({{ nik }}, 7, 2) as integer) % 40 as varchar), 2, '0')
{%- endmacro -%}
