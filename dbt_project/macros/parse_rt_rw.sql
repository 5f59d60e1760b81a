{#- The number of an RT (part 1) or RW (part 2) in a field that holds both: 003/005, RT 03/05,
    RT.3 RW.5. NULL unless there are two numbers. -#}
{%- macro parse_rt_rw(text, part) -%}
    {%- set numbers -%}
        trim({{ replace_all("cast(" ~ text ~ " as varchar)", "[^0-9]+", " ") }})
    {%- endset -%}
    case
        when {{ matches_fully(numbers, '[0-9]{1,3} [0-9]{1,3}') }}
            then cast(split_part({{ numbers }}, ' ', {{ part }}) as integer)
    end
{%- endmacro -%}
