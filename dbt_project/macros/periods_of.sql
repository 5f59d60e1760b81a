{#- From the states of a table (lake_<app>.<table>__states, staged with known_from_at and
    known_until_at): one row per id and period in which these columns stayed the same. Neighbouring
    states that agree in them are one period; a row that was deleted and came again has a gap. -#}
{%- macro periods_of(relation, id, columns) -%}
    {%- set kept = columns | join(', ') -%}
    select
        {{ id }},
        {{ kept }},
        min(known_from_at) as known_from_at,
        -- An open end is later than any other.
        case when count(*) = count(known_until_at) then max(known_until_at) end as known_until_at
    from (
        select
            *,
            -- Neighbours that agree stand equally far ahead in the list of all and of those alike.
            row_number() over (partition by {{ id }} order by known_from_at)
            - row_number() over (partition by {{ id }}, {{ kept }} order by known_from_at)
                as run_number,
            sum(case when known_from_at = former_until_at then 0 else 1 end)
                over (partition by {{ id }} order by known_from_at) as stay_number
        from (
            select
                *,
                lag(known_until_at) over (partition by {{ id }} order by known_from_at)
                    as former_until_at
            from {{ relation }}
        ) as in_order
    ) as numbered
    group by {{ id }}, {{ kept }}, run_number, stay_number
{%- endmacro -%}
