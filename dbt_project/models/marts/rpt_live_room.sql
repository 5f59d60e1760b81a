with

measured as (
    select * from {{ ref('int_live_room__complaints') }}
    union all
    select * from {{ ref('int_live_room__calls') }}
    union all
    select * from {{ ref('int_live_room__prices') }}
),

departments as (
    select * from {{ ref('dim_departments') }}
),

areas as (
    select * from {{ ref('dim_areas') }}
),

apps as (
    select * from {{ ref('rpt_app_freshness') }}
)

select
    -- what
    measured.measure,
    case measured.measure
        when 'complaints_red' then 'Pengaduan merah: baru'
        when 'complaints_yellow' then 'Pengaduan kuning: diproses'
        when 'complaints_green' then 'Pengaduan hijau: selesai'
        when 'complaints_today' then 'Pengaduan masuk hari ini'
        when 'complaints_oldest_days' then 'Pengaduan terbuka terlama (hari)'
        when 'calls_open' then 'Panggilan darurat belum selesai'
        when 'calls_newest_day' then 'Panggilan darurat pada hari terakhir'
        when 'price_alarms' then 'Harga pangan yang melonjak'
    end as measure_name,

    -- where
    case
        when measured.department_code is not null then 'department'
        when measured.kecamatan_code is not null then 'kecamatan'
        else 'city'
    end as scope,
    coalesce(measured.department_code, measured.kecamatan_code, '{{ var("city_code") }}')
        as scope_code,
    coalesce(departments.department_name, areas.area_name, '{{ var("city_name") }}')
        as scope_name,

    -- how many
    measured.measured_date,
    measured.measured as measured_value,
    measured.usual as usual_value,

    -- how sure
    measured.source_app,
    coalesce(apps.is_stale, true) as is_stale,
    coalesce(apps.is_held, false) as is_held,
    {{ as_of() }} as as_of
from measured
left join departments
    on measured.department_code = departments.department_code
left join areas
    on measured.kecamatan_code = areas.area_code_kemendagri
left join apps
    on measured.source_app = apps.app
