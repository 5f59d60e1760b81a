{#- The form of a name in which two spellings of one person meet: capitals; titles in front (H.,
    Hj., Drs., Ir., Dr.) and degrees behind (S.E., M.Si, A.Md) off; every way to write Muhammad in
    front as MUHAMMAD; nothing but letters and single spaces. Empty becomes NULL.
    What stands behind a comma is a degree. Without the comma, letters that may be a name (MA, ST)
    are a degree only with points between them. -#}
{%- macro normalise_person_name(text) -%}
    {%- set plain -%}
        translate(
            {{ replace_all("upper(trim(cast(" ~ text ~ " as varchar)))", "[''`’´]", "") }},
            'ÀÁÂÃÄÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜ', 'AAAAACEEEEIIIINOOOOOUUUU'
        )
    {%- endset -%}
    {%- set degrees = (
        ' *,.*$'
        ~ '|( +(S[.] ?(E|H|T|P|SI|PD|KOM|SOS|IP|KEP|KM|AG|PSI|FARM|HUM|ST|IKOM|GZ|AK)([.] ?I)?'
        ~ '|M[.] ?(M|T|H|A|SI|PD|KES|KOM|AP|HUM|AG|PSI)|A[.] ?MD([.] ?(KEB|KEP|KOM|AK))?'
        ~ '|PH[.] ?D|B[.] ?A)[.]?'
        ~ '| +(SE|SH|SKOM|SPDI?|SSOS|SKEP|SKM|MSI|MPD|MKES|MKOM|AMD|AMK|MBA))+[. ]*$'
    ) -%}
    {%- set titles = (
        '^((PROF|DRS|DRA|DRG|DRH|DR|IR|APT|NS|KH|HJ|H|HAJI|HAJJAH|HAJAH|USTADZAH|USTADZ|UST'
        ~ '|ALMARHUMAH|ALMARHUM|ALMH|ALM|BAPAK|BPK|PAK|IBU|BU|TN|NY|NN|SDRI|SDR)[. ]+)+'
    ) -%}
    {%- set muhammad = (
        '^(MUHAMM?[AE]D|MOHAMM?[AE]D|MOCHAMM?AD|MUCHAMM?AD|MUHD|MOHD|MOCH|MUCH|MOH|MUH|MHD|MD|M) '
    ) -%}
    {%- set words -%}
        trim({{ replace_all(
            replace_all(replace_all(plain, degrees, ''), titles, ''), '[^A-Z]+', ' '
        ) }}) || ' '
    {%- endset -%}
    nullif(trim({{ replace_all(words, muhammad, 'MUHAMMAD ') }}), '')
{%- endmacro -%}
