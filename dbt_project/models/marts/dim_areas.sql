with

areas as (
    select * from {{ ref('seed_areas') }}
),

city as (
    select
        '{{ var("city_code") }}' as area_code_kemendagri,
        'city' as area_level,
        '{{ var("city_name") }}' as area_name,
        left('{{ var("city_code") }}', 2) as parent_area_code,
        cast(null as varchar) as kecamatan_code,
        cast(null as varchar) as kecamatan_name,
        -- The first four digits of any of its areas' BPS codes are the city's.
        min(left(area_code_bps, 4)) as area_code_bps,
        round(avg(latitude), 5) as latitude,
        round(avg(longitude), 5) as longitude
    from areas
    where area_level = 'kecamatan'
),

province as (
    select
        parent_area_code as area_code_kemendagri,
        'province' as area_level,
        '{{ var("province_name") }}' as area_name,
        cast(null as varchar) as parent_area_code,
        cast(null as varchar) as kecamatan_code,
        cast(null as varchar) as kecamatan_name,
        left(area_code_bps, 2) as area_code_bps,
        cast(null as double) as latitude,
        cast(null as double) as longitude
    from city
),

inside_city as (
    select
        area_code_kemendagri,
        area_level,
        area_name,
        case
            when area_level = 'kecamatan' then '{{ var("city_code") }}'
            else kecamatan_code
        end as parent_area_code,
        kecamatan_code,
        kecamatan_name,
        area_code_bps,
        latitude,
        longitude
    from areas
),

unknown as (
    select
        'unknown' as area_code_kemendagri,
        'unknown' as area_level,
        'Tidak diketahui' as area_name,
        cast(null as varchar) as parent_area_code,
        'unknown' as kecamatan_code,
        'Tidak diketahui' as kecamatan_name,
        cast(null as varchar) as area_code_bps,
        cast(null as double) as latitude,
        cast(null as double) as longitude
)

select * from province
union all
select * from city
union all
select * from inside_city
union all
select * from unknown
