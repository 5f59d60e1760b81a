{#- How alike two texts are, from 0 to 1. On DuckDB the mean of two measures: Jaro-Winkler's, which
    forgives lost letters and believes the beginning, and one less Damerau-Levenshtein's share of
    wrong letters, which doesn't forgive a different length. An engine that has neither takes the
    share of wrong letters by Levenshtein. -#}
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
    (
        0.5 * jaro_winkler_similarity({{ text }}, {{ other }})
        + 0.5 * (
            1.0 - damerau_levenshtein({{ text }}, {{ other }})
            / greatest(length({{ text }}), length({{ other }}))
        )
    )
{%- endmacro -%}
