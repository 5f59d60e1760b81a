{#- Whether a row of a dimension with history holds on a day: from valid_from, up to but without
    valid_to. -#}
{%- macro valid_on(relation, day) -%}
    ({{ day }} >= {{ relation }}.valid_from
    and ({{ day }} < {{ relation }}.valid_to or {{ relation }}.valid_to is null))
{%- endmacro -%}
