with

months as (
    select * from {{ ref('int_subjects__months') }}
),

complaints as (
    select
        subject_code,
        month_date,
        sum(complaint_count) as complaint_count
    from {{ ref('int_subjects__complaints') }}
    group by subject_code, month_date
),

budgets as (
    select
        subject_code,
        budget_year,
        sum(budget_rupiah) as budget_rupiah
    from {{ ref('int_subjects__budget_lines') }}
    group by subject_code, budget_year
),

spending as (
    select * from {{ ref('int_subjects__spending') }}
),

counted as (
    select
        months.*,
        coalesce(complaints.complaint_count, 0) as complaint_count,
        case when months.is_complete_month then coalesce(complaints.complaint_count, 0) end
            as whole_count
    from months
    left join complaints
        on
            months.subject_code = complaints.subject_code
            and months.month_date = complaints.month_date
),

-- Every subject has every month, so that the row before is the month before.
compared as (
    select
        counted.*,
        lag(counted.whole_count, 1) over subject_months as previous_count,
        lag(counted.whole_count, 12) over subject_months as year_before_count,
        budget_now.budget_rupiah as year_budget,
        budget_before.budget_rupiah as year_before_budget,
        spent_now.realised_rupiah as realised,
        spent_previous.realised_rupiah as previous_realised,
        spent_before.realised_rupiah as year_before_realised
    from counted
    left join budgets as budget_now
        on
            counted.subject_code = budget_now.subject_code
            and year(counted.month_date) = budget_now.budget_year
    left join budgets as budget_before
        on
            counted.subject_code = budget_before.subject_code
            and year(counted.month_date) - 1 = budget_before.budget_year
    left join spending as spent_now
        on
            counted.subject_code = spent_now.subject_code
            and counted.month_date = spent_now.month_date
    -- In January a new budget begins: that less is spent than in December says nothing.
    left join spending as spent_previous
        on
            counted.subject_code = spent_previous.subject_code
            and {{ months_before('counted.month_date', 1) }} = spent_previous.month_date
            and month(counted.month_date) > 1
    left join spending as spent_before
        on
            counted.subject_code = spent_before.subject_code
            and {{ months_before('counted.month_date', 12) }} = spent_before.month_date
    window
        subject_months as (
            partition by counted.subject_code order by counted.month_date
        )
)

select
    -- when, what, who
    month_date,
    subject_code,
    subject_name,
    department_code,
    department_name,
    is_mapped,
    is_complete_month,

    -- complaints
    cast(complaint_count as bigint) as complaint_count,
    cast(previous_count as bigint) as previous_complaint_count,
    {{ percent_change('previous_count', 'whole_count') }} as complaint_change_percent,
    cast(year_before_count as bigint) as year_before_complaint_count,
    {{ percent_change('year_before_count', 'whole_count') }} as complaint_year_change_percent,

    -- money
    cast(year_budget as decimal(18, 2)) as year_budget_rupiah,
    cast(year_before_budget as decimal(18, 2)) as year_before_budget_rupiah,
    {{ percent_change('year_before_budget', 'year_budget') }} as budget_change_percent,
    cast(realised as decimal(18, 2)) as realised_rupiah,
    cast(previous_realised as decimal(18, 2)) as previous_realised_rupiah,
    {{ percent_change('previous_realised', 'realised') }} as realised_change_percent,
    cast(year_before_realised as decimal(18, 2)) as year_before_realised_rupiah,
    {{ percent_change('year_before_realised', 'realised') }} as realised_year_change_percent,

    -- more complaints, less money
    {{ is_rising('previous_count', 'whole_count') }}
    and {{ is_falling('previous_realised', 'realised') }} as is_mismatch_month,
    {{ is_rising('year_before_count', 'whole_count') }}
    and (
        {{ is_falling('year_before_budget', 'year_budget') }}
        or {{ is_falling('year_before_realised', 'realised') }}
    ) as is_mismatch_year,

    -- how sure
    {{ any_app_is_stale(['laksa', 'anggaran']) }} as is_stale
from compared
