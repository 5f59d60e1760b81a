"""Reports across departments as a good build leaves them, made from the small city's requests."""

MARTS = """
create table marts.rpt_service_performance as
select date_trunc('month', received_date)::date as month_date, source_app, service_code,
    department_code, kecamatan_code, count(*) as request_count,
    count(*) filter (where is_open) as open_count,
    count(*) filter (where not is_open) as closed_count, 0::bigint as cancelled_count,
    count(*) filter (where is_late) as late_count,
    count(*) filter (where not is_open) as on_time_count, 0.0::double as late_percent,
    2.0::double as median_working_days, false as is_stale
from marts.fct_service_requests group by all;
create table marts.rpt_citizen_journey as
select 1::bigint as office_count, null::bigint as person_count, true as is_suppressed;
create table marts.rpt_citizen_journey_pairs as
select 'izin_kesehatan' as service_code, 'pengaduan' as other_service_code,
    null::bigint as person_count, true as is_suppressed;
create table marts.rpt_equity_by_area as
select area_code_kemendagri, area_level, kecamatan_code,
    case when area_level <> 'unknown' then 100::bigint end as resident_count,
    case
        when area_level in ('city', 'kecamatan') then 5::bigint
        when area_level = 'kelurahan' then 3
        else 0
    end as request_count
from marts.dim_areas;
create table marts.rpt_live_room as
select measure, scope, scope_code, measured_value, 'laksa' as source_app, false as is_stale
from (values ('complaints_red', 1.0), ('complaints_yellow', 1.0), ('complaints_green', 1.0))
    as measures(measure, measured_value)
cross join (values ('city', '36.71'), ('department', 'diskominfo'), ('kecamatan', '36.71.01'))
    as scopes(scope, scope_code);
"""
