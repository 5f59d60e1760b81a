with

-- Sums of other lines would count their money twice.
source as (
    select * from {{ ref('base_anggaran__rows') }}
    where is_leaf
),

months as (
    {% for month in range(1, 13) %}
        select
            budget_year,
            _sheet,
            budget_code,
            opd,
            {{ month }} as month_number,
            spent_{{ '%02d' % month }}_raw as spent_raw,
            _kota_at
        from source
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- A month to come is empty.
renamed as (
    select
        -- ids
        budget_year,
        _sheet as sheet_name,
        budget_code,

        -- strings
        trim(opd) as department_name_raw,

        -- numbers
        {{ parse_rupiah('spent_raw') }} as spent_rupiah,
        spent_raw,

        -- times
        make_date(budget_year, month_number, 1) as month_date,
        _kota_at as landed_at
    from months
    where spent_raw is not null
)

select * from renamed
