with

days as (
    select date_day from {{ ref('int_dates__days') }}
),

decreed as (
    select
        holiday_date,
        holiday_name,
        holiday_kind,
        is_estimated
    from {{ ref('seed_holidays') }}
),

-- Where no decree is known, the holidays that have a fixed date (Keppres 8/2024).
fixed as (
    select
        date_day as holiday_date,
        case date_part('month', date_day)
            when 1 then 'Tahun Baru Masehi'
            when 5 then 'Hari Buruh Internasional'
            when 6 then 'Hari Lahir Pancasila'
            when 8 then 'Hari Kemerdekaan'
            when 12 then 'Natal'
        end as holiday_name,
        'national' as holiday_kind,
        true as is_estimated
    from days
    where
        date_part('month', date_day) * 100 + date_part('day', date_day)
        in (101, 501, 601, 817, 1225)
        and date_part('year', date_day) not in (
            select date_part('year', decreed.holiday_date) from decreed
        )
),

holidays as (
    select * from decreed
    union all
    select * from fixed
),

described as (
    select
        days.date_day,
        holidays.holiday_name,
        holidays.holiday_kind,
        cast({{ iso_weekday('days.date_day') }} as bigint) as weekday_number,
        cast(date_part('year', days.date_day) as bigint) as year_number,
        cast(date_part('quarter', days.date_day) as bigint) as quarter_number,
        cast(date_part('month', days.date_day) as bigint) as month_number,
        cast(date_part('week', days.date_day) as bigint) as iso_week,
        holidays.holiday_date is not null as is_holiday,
        coalesce(holidays.is_estimated, false) as is_holiday_estimated
    from days
    left join holidays
        on days.date_day = holidays.holiday_date
),

judged as (
    select
        *,
        weekday_number <= 5 and not is_holiday as is_working_day,
        -- The Thursday of an ISO week is in the year that the week belongs to.
        cast(
            date_part('year', date_day + cast(4 - weekday_number as integer)) as bigint
        ) as iso_year
    from described
)

select
    date_day,

    -- calendar
    year_number,
    quarter_number,
    month_number,
    iso_year,
    iso_week,
    weekday_number,
    case weekday_number
        when 1 then 'Senin'
        when 2 then 'Selasa'
        when 3 then 'Rabu'
        when 4 then 'Kamis'
        when 5 then 'Jumat'
        when 6 then 'Sabtu'
        when 7 then 'Minggu'
    end as weekday_name,
    {{ month_name_id('month_number') }} as month_name,
    cast(date_part('day', date_day) as bigint) || ' '
    || {{ month_name_id('month_number') }} || ' ' || year_number as date_name,

    -- work
    is_holiday,
    holiday_name,
    holiday_kind,
    is_holiday_estimated,
    is_working_day,
    cast(
        sum(case when is_working_day then 1 else 0 end) over (
            order by date_day rows between unbounded preceding and current row
        ) as bigint
    ) as working_day_number
from judged
