{#-
What a generic test looks at: all rows, or those it has not passed before. The build that this one
started from ended with every test of severity error passed, so of a table that by_key keeps, rows
that did not change pass again.
-#}
{% macro get_where_subquery(relation) %}
    {%- set name = model.test_metadata.name if model.test_metadata else none -%}
    {%- set looks_at_rows = name in ['not_null', 'accepted_values'] -%}
    {%- set looks_at_table = name in ['unique', 'unique_key'] -%}
    {%- if
        execute and config.get('severity') | lower == 'error' and not config.get('where')
        and (looks_at_rows or looks_at_table)
    -%}
        {%- set state = run_query(
            "select any_value(state) from ops.changes where schema_name = '" ~ relation.schema
            ~ "' and table_name = '" ~ relation.identifier ~ "'"
        )[0][0] -%}
        {%- if state == 'same' -%}
            {% do return('(select * from ' ~ relation ~ ' where false) as unchanged') %}
        {%- elif state == 'changed' and looks_at_rows -%}
            {% do return('"changes_' ~ relation.schema ~ '"."' ~ relation.identifier ~ '"') %}
        {%- endif -%}
    {%- endif -%}
    {% do return(dbt.get_where_subquery(relation)) %}
{% endmacro %}
