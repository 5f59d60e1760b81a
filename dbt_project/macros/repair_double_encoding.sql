{#- A name whose UTF-8 bytes were once taken for Windows-1252 (AndrÃ© for André), as it was meant.
    No Indonesian name has a letter Ã of its own, so that without one a text stays as it is. A
    capital of which a byte was lost on the way (Í, Ï) is lost here too. -#}
{%- macro repair_double_encoding(text) -%}
    case
        when {{ text }} like '%Ã%'
            then replace(
                translate(
                    replace({{ text }}, 'Ã', ''),
                    '¡¢¤§¨©ª«{{ "\u00ad" }}®¯±³´¶º»¼‡‰‹‘“–œ',
                    'áâäçèéêëíîïñóôöúûüÇÉËÑÓÖÜ'
                ),
                'â€™', '’'
            )
        else replace({{ text }}, 'â€™', '’')
    end
{%- endmacro -%}
