-- Several statements nest in these macros; indentation follows the macros.
-- noqa: disable=LT02
{#-
A table that is kept from the night before. The model's SELECT is that of a full build; a night runs
it over the rows of those keys that changed (docs/decisions/0017-incremental-builds.md).

    config(
        materialized='by_key',
        key=['complaint_id'],                  -- columns of the result
        changed_by={                           -- the same key, told by the columns of an input
            'pengaduan': ['cast(id as bigint)'],
        },
        always='is_open',                      -- rows that change with as_of alone
    )

A row of the result must depend only on those rows of these inputs that have its key, and on inputs
that are not named. Those are compared by content: if one changed, the model is built in full.
-#}
{% materialization by_key, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set plan = by_key_plan(existing) -%}

    {{ run_hooks(pre_hooks) }}

    {% if plan.state == 'rebuilt' %}
        {% do drop_relation_if_exists(existing) %}
        {% call statement('main') %}
            {{ create_table_as(False, target, sql) }}
        {% endcall %}
    {% elif plan.state == 'same' %}
        {% call statement('main') %}
            select 0
        {% endcall %}
    {% else %}
        {% set plan = by_key_apply(plan, target, sql) %}
    {% endif %}
    {% do by_key_remember(plan) %}

    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {% do return({'relations': [target]}) %}
{% endmaterialization %}


{#- What this build has to do: 'rebuilt' in full, nothing ('same'), or the keys that 'changed'. -#}
{% macro by_key_plan(existing) %}
    {%- set plan = namespace(state='same', followed=[], contents=[]) -%}
    {%- set states = {} -%}
    {%- for row in run_query("select schema_name || '.' || table_name, state from ops.changes") -%}
        {%- do states.update({row[0]: row[1]}) -%}
    {%- endfor -%}
    {%- set former = {} -%}
    {%- for row in run_query(
        "select input, content from ops.former_inputs where model = '" ~ model.name ~ "'"
    ) -%}
        {%- do former.update({row[0]: row[1]}) -%}
    {%- endfor -%}

    {%- for id in model.depends_on.nodes -%}
        {%- set input = graph.nodes.get(id) or graph.sources.get(id) -%}
        {%- set relation = api.Relation.create(
            input.database, input.schema, input.get('alias') or input.identifier
        ) -%}
        {%- set name = relation.schema ~ '.' ~ relation.identifier -%}
        {%- set keys = config.get('changed_by').get(input.name) -%}
        {%- if keys -%}
            {%- set state = states.get(name, 'rebuilt') -%}
            {%- do plan.followed.append({'relation': relation, 'keys': keys, 'state': state}) -%}
            {%- if state == 'rebuilt' or (state == 'changed' and plan.state == 'same') -%}
                {%- set plan.state = state -%}
            {%- endif -%}
        {%- elif input.resource_type != 'seed' -%}
            {%- set content = content_of(relation) -%}
            {%- do plan.contents.append({'input': name, 'content': content}) -%}
            {%- if former.get(name) != content -%}
                {%- set plan.state = 'rebuilt' -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}

    {%- if existing is none or (var('as_of') in sql and not config.get('always')) -%}
        {%- set plan.state = 'rebuilt' -%}
    {%- elif config.get('always') and plan.state == 'same' -%}
        {%- set plan.state = 'changed' -%}
    {%- endif -%}
    {% do return(plan) %}
{% endmacro %}


{#- Take the rows of the affected keys out of the table and put them in anew. -#}
{% macro by_key_apply(plan, target, sql) %}
    {%- set schema = 'changes_' ~ target.schema -%}
    {%- set changes = api.Relation.create(target.database, schema, target.identifier) -%}
    {%- set keys = api.Relation.create(target.database, schema, target.identifier ~ '__keys') -%}
    {%- set fresh = api.Relation.create(target.database, schema, target.identifier ~ '__fresh') -%}
    {%- set key = config.get('key') -%}
    {%- set restricted = namespace(sql=sql) -%}
    {%- for input in plan.followed -%}
        {%- set restricted.sql = restricted.sql | replace(
            input.relation | string,
            '(select * from ' ~ input.relation ~ ' where ' ~ has_key(input['keys'], keys) ~ ')'
        ) -%}
    {%- endfor -%}

    {% call statement('keys') %}
        create table {{ keys }} as
        {% for input in plan.followed if input.state == 'changed' %}
            select {{ as_key(input['keys']) }}
            from "changes_{{ input.relation.schema }}"."{{ input.relation.identifier }}"
            union
        {% endfor %}
        select {{ as_key(key) }} from {{ target }} where {{ config.get('always', 'false') }}
    {% endcall %}
    {% call statement('main') %}
        create table {{ fresh }} as {{ restricted.sql }}
    {% endcall %}
    {% call statement('exchange') %}
        create table {{ changes }} as
        with former as (select * from {{ target }} where {{ has_key(key, keys) }})
        (from former except all from {{ fresh }})
        union all
        (from {{ fresh }} except all from former);

        delete from {{ target }} where {{ has_key(key, keys) }};
        insert into {{ target }} by name from {{ fresh }};
        drop table {{ fresh }};
        drop table {{ keys }};
    {% endcall %}
    {%- if run_query("select exists (from " ~ changes ~ ")")[0][0] -%}
        {%- set plan.state = 'changed' -%}
    {%- else -%}
        {%- set plan.state = 'same' -%}
    {%- endif -%}
    {% do return(plan) %}
{% endmacro %}


{#- For whoever follows this model, and for the next night. -#}
{% macro by_key_remember(plan) %}
    {% call statement('remember') %}
        insert into ops.changes values ('{{ this.schema }}', '{{ this.identifier }}', '{{ plan.state }}');
        {% for known in plan.contents %}
            insert into ops.inputs values
            ('{{ model.name }}', '{{ known.input }}', '{{ known.content }}');
        {% endfor %}
    {% endcall %}
{% endmacro %}


{#- The rows of a relation in any order, as one text. -#}
{% macro content_of(relation) %}
    {%- set sql -%}
        select count(*) || '/' || coalesce(sum(cast(hash(rows) as hugeint)), 0)
        from {{ relation }} as rows
    {%- endset -%}
    {% do return(run_query(sql)[0][0]) %}
{% endmacro %}


{% macro as_key(expressions) -%}
    {% for expression in expressions %}
        {{- expression }} as _key_{{ loop.index }}{{ ", " if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{% macro has_key(expressions, keys) -%}
    exists (
        select 1 from {{ keys }}
        where
        {% for expression in expressions %}
            _key_{{ loop.index }} is not distinct from ({{ expression }})
            {{ "and" if not loop.last }}
        {% endfor %}
    )
{%- endmacro %}
