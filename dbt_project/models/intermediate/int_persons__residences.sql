with

arrivals as (
    select
        *,
        lag(area_code_kemendagri) over (partition by person_id order by arrival_date)
            as former_area_code
    from {{ ref('int_persons__arrivals') }}
),

-- Whoever moves within a kelurahan goes on living in it.
changes as (
    select
        person_id,
        area_code_kemendagri,
        arrival_date,
        lead(arrival_date) over (partition by person_id order by arrival_date) as departure_date
    from arrivals
    where area_code_kemendagri is distinct from former_area_code
)

-- Outside the city nobody's residence is followed: there is a gap.
select
    changes.person_id,
    areas.area_code_kemendagri as kelurahan_code,
    areas.kecamatan_code,
    changes.arrival_date as valid_from,
    changes.departure_date as valid_to,
    changes.departure_date is null as is_current
from changes
inner join {{ ref('seed_areas') }} as areas
    on
        changes.area_code_kemendagri = areas.area_code_kemendagri
        and areas.area_level = 'kelurahan'
