{#- The value below which a share of all values lies, between two of them if need be. -#}
{%- macro quantile(expression, share) -%}
    {{ adapter.dispatch('quantile')(expression, share) }}
{%- endmacro -%}

{%- macro default__quantile(expression, share) -%}
    percentile({{ expression }}, {{ share }})
{%- endmacro -%}

{%- macro duckdb__quantile(expression, share) -%}
    quantile_cont({{ expression }}, {{ share }})
{%- endmacro -%}
