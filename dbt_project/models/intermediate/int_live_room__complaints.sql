{%- set now -%} {{ as_of() }} {%- endset -%}
{%- set today -%} {{ local_date(as_of()) }} {%- endset -%}

with

-- The usual count of this weekday is the mean of the last weeks', each up to this time of day.
complaints as (
    select
        *,
        {{ days_between('reported_date', today) }} as days_ago,
        {{ hours_between(start_of_day('reported_date'), 'reported_at') }}
        <= {{ hours_between(start_of_day(today), now) }} as is_by_now
    from {{ ref('fct_complaints') }}
),

counted as (
    select
        department_code,
        kecamatan_code,
        count(*) filter (where status = 'new') as red_count,
        count(*) filter (where status = 'in_progress') as yellow_count,
        count(*) filter (where status = 'done') as green_count,
        count(*) filter (where days_ago = 0) as today_count,
        count(*) filter (
            where is_by_now
            and days_ago % 7 = 0
            and days_ago between 7 and 7 * {{ var('usual_weeks') }}
        ) as usual_count,
        max(age_days) filter (where is_open) as oldest_days
    from complaints
    group by grouping sets ((), (department_code), (kecamatan_code))
)

{%- for measure, value, usual in [
    ('complaints_red', 'red_count', 'null'),
    ('complaints_yellow', 'yellow_count', 'null'),
    ('complaints_green', 'green_count', 'null'),
    ('complaints_today', 'today_count', 'usual_count'),
    ('complaints_oldest_days', 'oldest_days', 'null'),
] %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ measure }}' as measure,
        'laksa' as source_app,
        department_code,
        kecamatan_code,
        {{ today }} as measured_date,
        cast({{ value }} as double) as measured,
        {% if usual == 'null' -%}
            cast(null as double) as usual
        {%- else -%}
            cast({{ usual }} as double) / {{ var('usual_weeks') }} as usual
        {%- endif %}
    from counted
{%- endfor %}
