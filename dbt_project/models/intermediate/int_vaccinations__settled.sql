with

vaccinations as (
    select
        *,
        cast(date_trunc('month', vaccination_date) as date) as vaccination_month,
        {{ place_key('epuskesmas', 'vaccinations', kelurahan='kelurahan_raw') }} as place_key
    from {{ ref('stg_epuskesmas__vaccinations') }}
),

persons as (
    select
        record_key,
        person_id
    from {{ ref('int_persons__links') }}
    where source_app = 'epuskesmas' and source_table = 'imunisasi'
),

places as (
    select * from {{ ref('int_places__resolved') }}
)

select
    vaccinations.vaccination_id,
    coalesce(persons.person_id, cast(vaccinations.vaccination_id as varchar)) as child_key,
    vaccinations.vaccination_month,
    coalesce(places.kecamatan_code, 'unknown') as kecamatan_code,
    -- OPV3 is the third dose of OPV.
    coalesce({{ replace_all('vaccinations.vaccine', '[0-9]+$', '') }}, 'unknown') as vaccine_kind,
    coalesce(vaccinations.vaccine, 'unknown') as vaccine
from vaccinations
left join persons
    on cast(vaccinations.vaccination_id as varchar) = persons.record_key
left join places
    on vaccinations.place_key = places.place_key
where {{ is_settled('vaccinations.vaccination_month') }}
