with

stated as (
    select * from {{ ref('int_budget_sums__stated') }}
),

sheet_lines as (
    select
        budget_lines.*,
        coalesce(departments.department_code, 'unassigned') as department_code
    from {{ ref('stg_anggaran__budget_lines') }} as budget_lines
    left join {{ ref('int_departments__resolved') }} as departments
        on
            budget_lines.department_name_raw = departments.department_key
            and departments.source_app = 'anggaran'
),

departments as (
    select * from {{ ref('dim_departments') }}
),

-- What there is to add up: undivided lines, by measure and period.
parts as (
    select
        budget_year,
        sheet_name,
        budget_code,
        'budget' as measure,
        'year' as period,
        budget_rupiah as part_rupiah
    from {{ ref('fct_budget_lines') }}
    union all
    select
        budget_year,
        sheet_name,
        budget_code,
        'realised' as measure,
        'year' as period,
        realised_rupiah as part_rupiah
    from {{ ref('fct_budget_lines') }}
    union all
    select
        budget_year,
        sheet_name,
        budget_code,
        'realised' as measure,
        lpad(cast(month(month_date) as varchar), 2, '0') as period,
        realised_rupiah as part_rupiah
    from {{ ref('fct_budget_realisation') }}
),

-- A department's code is a number of its own; all other codes begin those of their parts.
added as (
    select
        stated.budget_year,
        stated.sheet_name,
        stated.budget_code,
        stated.measure,
        stated.period,
        sum(parts.part_rupiah) as added_rupiah
    from stated
    inner join sheet_lines
        on
            stated.budget_year = sheet_lines.budget_year
            and stated.sheet_name = sheet_lines.sheet_name
            and stated.budget_code = sheet_lines.budget_code
    inner join parts
        on
            stated.budget_year = parts.budget_year
            and stated.sheet_name = parts.sheet_name
            and stated.measure = parts.measure
            and stated.period = parts.period
            and (
                sheet_lines.budget_level = 'department'
                or stated.budget_code = parts.budget_code
                or left(parts.budget_code, length(stated.budget_code) + 1)
                = stated.budget_code || '.'
            )
    group by
        stated.budget_year, stated.sheet_name, stated.budget_code, stated.measure, stated.period
)

select
    stated.budget_year,
    departments.department_code,
    departments.department_name,
    stated.sheet_name,
    stated.budget_code,
    sheet_lines.budget_line_name,
    sheet_lines.budget_level,
    stated.measure,
    stated.period,
    stated.added_from,
    stated.stated_rupiah,
    cast(coalesce(added.added_rupiah, 0) as decimal(18, 2)) as added_rupiah,
    cast(stated.stated_rupiah - coalesce(added.added_rupiah, 0) as decimal(18, 2))
        as difference_rupiah,
    coalesce(stated.stated_rupiah = coalesce(added.added_rupiah, 0), false) as is_reconciled,

    -- how sure
    {{ any_app_is_stale(['anggaran']) }} as is_stale
from stated
inner join sheet_lines
    on
        stated.budget_year = sheet_lines.budget_year
        and stated.sheet_name = sheet_lines.sheet_name
        and stated.budget_code = sheet_lines.budget_code
left join added
    on
        stated.budget_year = added.budget_year
        and stated.sheet_name = added.sheet_name
        and stated.budget_code = added.budget_code
        and stated.measure = added.measure
        and stated.period = added.period
left join departments
    on sheet_lines.department_code = departments.department_code
