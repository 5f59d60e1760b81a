{#- How alike two texts are, from 0 to 1. On DuckDB the better of Jaro-Winkler's measure, which
    forgives letters left out, and of one minus Damerau-Levenshtein's share of wrong letters; an
    engine that has neither counts with Levenshtein's distance. -#}
{%- macro similarity(text, other) -%}
    {{ adapter.dispatch('similarity')(text, other) }}
{%- endmacro -%}

{%- macro default__similarity(text, other) -%}
    (
        1.0 - levenshtein({{ text }}, {{ other }})
        / greatest(length({{ text }}), length({{ other }}))
    )
{%- endmacro -%}

{%- macro duckdb__similarity(text, other) -%}
    greatest(
        jaro_winkler_similarity({{ text }}, {{ other }}),
        1.0 - damerau_levenshtein({{ text }}, {{ other }})
        / greatest(length({{ text }}), length({{ other }}))
    )
{%- endmacro -%}
