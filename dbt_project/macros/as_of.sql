{#- The instant at which ages and lateness are measured: always given, never the clock's, so that
    a build from the same lake versions gives the same figures on any day. -#}
{%- macro as_of() -%}
    {%- if execute and not var('as_of', none) -%}
        {{ exceptions.raise_compiler_error("Give the variable as_of: a UTC instant, ISO 8601.") }}
    {%- endif -%}
    cast('{{ var("as_of", "") }}' as timestamptz)
{%- endmacro -%}
