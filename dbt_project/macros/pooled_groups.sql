{#- Counts by group in which no group has fewer people than the variable small_group_min. levels are
    lists of columns (without NULL), each a part of the one before: what is too few by the first is
    counted by the second, and so on, a column that had to be given up saying "pooled". What is
    still too few by the last takes the smallest group beside it along.

    Every row of the relation is counted once, in one group, so that whatever is added up or
    subtracted is again made of whole groups: nothing too small can be worked out. Nor may it be
    read off a limit: a pool of cells that are all as large as a small cell can be (two of four make
    eight) goes up a level. Nothing else may be published about the same rows. -#}
{%- macro pooled_groups(relation, subject, count_name, levels) -%}
    {%- set columns = levels[0] -%}
    {%- set last = levels[-1] -%}
    {%- set shown = [] -%}
    {%- for level in levels -%}{%- do shown.append('shown_' ~ loop.index0) -%}{%- endfor -%}
    {%- set cell = columns | join(" as varchar) || '|' || cast(") -%}
    with

    rest_0 as (
        select
            {{ columns | join(', ') }},
            {{ subject }} as subject,
            cast({{ cell }} as varchar) as cell,
            count(*) as event_count
        from {{ relation }}
        group by {{ columns | join(', ') }}, {{ subject }}
    ),

    {% for level in levels %}
    {{ shown_and_rest(loop.index0, columns, level) }},
    {% endfor %}

    shown as (
        select * from {{ shown | join(' union all select * from ') }}
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by {{ last | join(', ') }}
                order by subject_count, event_count, {{ columns | join(', ') }}
            ) as place_in_row
        from shown
    ),

    left_over as (
        select
            {{ last | join(', ') }},
            sum(event_count) as event_count
        from rest_{{ levels | length }}
        group by {{ last | join(', ') }}
    ),

    with_left_over as (
        select
            ranked.*,
            left_over.event_count as left_over_count
        from ranked
        left join left_over
            on ranked.place_in_row = 1 and {{ columns_agree('ranked', 'left_over', last) }}
    )

    select
        {{ columns | join(', ') }},
        cast(event_count as bigint) as {{ count_name }}
    from with_left_over
    where left_over_count is null
    union all
    select
        {{ columns_or_pooled(columns, last) }},
        cast(event_count + left_over_count as bigint) as {{ count_name }}
    from with_left_over
    where left_over_count is not null
{%- endmacro -%}

{#- The columns, those outside the level as "pooled". -#}
{%- macro columns_or_pooled(columns, level) -%}
    {%- set said = [] -%}
    {%- for column in columns -%}
        {%- do said.append(column if column in level else "'pooled' as " ~ column) -%}
    {%- endfor -%}
    {{ said | join(', ') }}
{%- endmacro -%}

{%- macro columns_agree(relation, other, columns) -%}
    {%- set said = [] -%}
    {%- for column in columns -%}
        {%- do said.append(relation ~ '.' ~ column ~ ' = ' ~ other ~ '.' ~ column) -%}
    {%- endfor -%}
    {{ said | join(' and ') }}
{%- endmacro -%}

{#- What is large enough by this level, and the rows that are left for the next. -#}
{%- macro shown_and_rest(n, columns, level) -%}
    {%- set few = var('small_group_min') | int -%}
    shown_{{ n }} as (
        select
            {{ columns_or_pooled(columns, level) }},
            count(distinct subject) as subject_count,
            sum(event_count) as event_count
        from rest_{{ n }}
        group by {{ level | join(', ') }}
        having
            count(distinct subject) >= {{ few }}
            and count(distinct subject) <> {{ few - 1 }} * count(distinct cell)
    ),

    rest_{{ n + 1 }} as (
        select rest_{{ n }}.*
        from rest_{{ n }}
        left join shown_{{ n }}
            on {{ columns_agree('rest_' ~ n, 'shown_' ~ n, level) }}
        where shown_{{ n }}.subject_count is null
    )
{%- endmacro -%}
