with

subjects as (
    select * from {{ ref('rpt_complaint_budget') }}
),

complaints as (
    select * from {{ ref('int_subjects__complaints') }}
),

kecamatan as (
    select
        kecamatan_code,
        kecamatan_name
    from {{ ref('dim_areas') }}
    where area_level in ('kecamatan', 'unknown')
),

counted as (
    select
        subjects.*,
        kecamatan.kecamatan_code,
        kecamatan.kecamatan_name,
        coalesce(complaints.complaint_count, 0) as kecamatan_count,
        case when subjects.is_complete_month then coalesce(complaints.complaint_count, 0) end
            as whole_count
    from subjects
    cross join kecamatan
    left join complaints
        on
            subjects.subject_code = complaints.subject_code
            and subjects.month_date = complaints.month_date
            and kecamatan.kecamatan_code = complaints.kecamatan_code
),

compared as (
    select
        *,
        lag(whole_count, 1) over subject_months as previous_count,
        lag(whole_count, 12) over subject_months as year_before_count
    from counted
    window
        subject_months as (
            partition by subject_code, kecamatan_code order by month_date
        )
)

select
    -- when, what, who, where
    month_date,
    subject_code,
    subject_name,
    department_code,
    department_name,
    is_mapped,
    is_complete_month,
    kecamatan_code,
    kecamatan_name,

    -- complaints there
    kecamatan_count as complaint_count,
    previous_count as previous_complaint_count,
    {{ percent_change('previous_count', 'whole_count') }} as complaint_change_percent,
    year_before_count as year_before_complaint_count,
    {{ percent_change('year_before_count', 'whole_count') }} as complaint_year_change_percent,

    -- the whole city's money: no workbook divides it by kecamatan
    budget_change_percent as city_budget_change_percent,
    realised_change_percent as city_realised_change_percent,
    realised_year_change_percent as city_realised_year_change_percent,

    -- more complaints there, less money in the city
    {{ is_rising('previous_count', 'whole_count') }}
    and {{ is_falling('previous_realised_rupiah', 'realised_rupiah') }} as is_mismatch_month,
    {{ is_rising('year_before_count', 'whole_count') }}
    and (
        {{ is_falling('year_before_budget_rupiah', 'year_budget_rupiah') }}
        or {{ is_falling('year_before_realised_rupiah', 'realised_rupiah') }}
    ) as is_mismatch_year,

    -- how sure
    {{ any_app_is_stale(['laksa', 'anggaran']) }} as is_stale
from compared
