with

-- Every line that is no leaf states a sum. A leaf states one too: of its own months.
rows_of_sheets as (
    select * from {{ ref('base_anggaran__rows') }}
),

stated as (
    select
        budget_year,
        _sheet as sheet_name,
        budget_code,
        'budget' as measure,
        'year' as period,
        'lines' as added_from,
        budget_raw as stated_raw
    from rows_of_sheets
    where is_leaf is not true
    union all
    select
        budget_year,
        _sheet as sheet_name,
        budget_code,
        'realised' as measure,
        'year' as period,
        case when is_leaf then 'months' else 'lines' end as added_from,
        spent_raw as stated_raw
    from rows_of_sheets
    {% for month in range(1, 13) %}
        {% set number = '%02d' % month %}
        union all
        select
            budget_year,
            _sheet as sheet_name,
            budget_code,
            'realised' as measure,
            '{{ number }}' as period,
            'lines' as added_from,
            spent_{{ number }}_raw as stated_raw
        from rows_of_sheets
        where is_leaf is not true
    {% endfor %}
)

select
    budget_year,
    sheet_name,
    budget_code,
    measure,
    period,
    added_from,
    {{ parse_rupiah('stated_raw') }} as stated_rupiah
from stated
where stated_raw is not null
