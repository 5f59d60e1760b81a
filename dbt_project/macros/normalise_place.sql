{#- The key under which two spellings of one place meet: capitals; no "Kec." or "Kelurahan" in
    front, no RT and RW and no name of the city behind; usual abbreviations (Krg., Sel.) written
    out; nothing but letters and digits. Empty becomes NULL, so that it never joins. -#}
{%- macro normalise_place(name) -%}
    {%- set city = var('city_name') | upper | replace('KOTA ', '') -%}
    {%- set behind = '[ ,]+(KOTA +)?(' ~ city ~ '|' ~ var('city_short_names') ~ ')$' -%}
    {%- set place -%}
        {{ replace_all(
            replace_all("upper(trim(" ~ name ~ "))", "[ ,]*( |,)R[TW][ .:/]*[0-9].*$", ""),
            "^(KECAMATAN|KELURAHAN|DESA|KEC|KEL|DS)([.]| |:)[.: ]*", ""
        ) }}
    {%- endset -%}
    {%- set words -%}
        ' ' || {{ replace_all(replace_all(place, behind, ''), '[^A-Z0-9]+', '  ') }} || ' '
    {%- endset -%}
    {%- set written_out = namespace(sql=words) -%}
    {%- for short, long in [
        ('KRG?', 'KARANG'), ('BT', 'BATU'), ('JT', 'JATI'), ('PDK?', 'PONDOK'),
        ('SEL', 'SELATAN'), ('UTR', 'UTARA'), ('TI?MR?', 'TIMUR'), ('BRT', 'BARAT'), ('BR', 'BARU'),
    ] -%}
        {%- set written_out.sql =
            replace_all(written_out.sql, ' ' ~ short ~ ' ', ' ' ~ long ~ ' ')
        -%}
    {%- endfor -%}
    nullif(replace({{ written_out.sql }}, ' ', ''), '')
{%- endmacro -%}

{#- Whether a text says that it names a kelurahan. -#}
{%- macro says_kelurahan(name) -%}
    coalesce({{ matches_fully("upper(trim(" ~ name ~ "))", "KEL(URAHAN)?[.: ].*") }}, false)
{%- endmacro -%}
