{#- From the states of a table (lake_<app>.<table>__states, staged with known_from_at and
    known_until_at): one row per id and period in which these columns stayed the same. Neighbouring
    states that agree in them are one period; a row that was deleted and came again has a gap. -#}
{%- macro periods_of(relation, id, columns) -%}
    select
        {{ id }},
        {% for column in columns -%}
            min({{ column }}) as {{ column }},
        {% endfor -%}
        min(known_from_at) as known_from_at,
        -- An open end is later than any other.
        case when count(*) = count(known_until_at) then max(known_until_at) end as known_until_at
    from (
        select
            *,
            sum(is_new) over (partition by {{ id }} order by known_from_at) as period_number
        from (
            select
                {{ id }},
                {% for column in columns -%}
                    {{ column }},
                {% endfor -%}
                known_from_at,
                known_until_at,
                case
                    when
                        {% for column in columns -%}
                            {{ column }} is not distinct from lag({{ column }})
                                over (partition by {{ id }} order by known_from_at)
                            and
                        {% endfor -%}
                        known_from_at = lag(known_until_at)
                            over (partition by {{ id }} order by known_from_at)
                        then 0
                    else 1
                end as is_new
            from {{ relation }}
        ) as compared
    ) as numbered
    group by {{ id }}, period_number
{%- endmacro -%}
