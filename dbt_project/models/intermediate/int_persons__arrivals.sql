-- Where somebody began to live, and from which day: what every letter of moving says, what the
-- register said without a letter from one export to the next, and where the first of both found
-- them.
with

persons as (
    select * from {{ ref('int_persons__residents') }}
),

moves as (
    select * from {{ ref('int_persons__moves') }}
),

residents as (
    select
        persons.person_id,
        residents.area_code_kemendagri,
        residents.residency_status,
        residents.status_date,
        residents.changed_date
    from {{ ref('stg_siak__residents') }} as residents
    inner join persons
        on residents.nik = persons.nik
    where residents.is_newest_entry
),

last_move as (
    select
        person_id,
        max(move_date) as move_date,
        max_by(to_area_code_kemendagri, (move_date, move_number)) as area_code_kemendagri
    from moves
    group by person_id
),

-- Two entries of one person: the one that was touched last holds.
registered as (
    select
        person_id,
        max_by(residency_status, (changed_date, area_code_kemendagri)) as residency_status,
        max_by(area_code_kemendagri, (changed_date, area_code_kemendagri)) as area_code_kemendagri,
        max_by(coalesce(status_date, changed_date), (changed_date, area_code_kemendagri))
            as status_date,
        max(changed_date) as changed_date
    from residents
    group by person_id
),

arrivals as (
    select
        person_id,
        date '1900-01-01' as arrival_date,
        min_by(from_area_code_kemendagri, (move_date, move_number)) as area_code_kemendagri,
        0 as rank_of_day
    from moves
    group by person_id
    union all
    select
        person_id,
        move_date as arrival_date,
        max_by(to_area_code_kemendagri, move_number) as area_code_kemendagri,
        1 as rank_of_day
    from moves
    group by person_id, move_date
    union all
    select
        registered.person_id,
        case
            when last_move.person_id is null then date '1900-01-01'
            else greatest(registered.changed_date, last_move.move_date)
        end as arrival_date,
        registered.area_code_kemendagri,
        2 as rank_of_day
    from registered
    left join last_move
        on registered.person_id = last_move.person_id
    where
        last_move.person_id is null
        or (
            registered.residency_status = 'resident'
            and registered.area_code_kemendagri is distinct from last_move.area_code_kemendagri
        )
    union all
    -- Who died or left lives here no more.
    select
        person_id,
        status_date as arrival_date,
        'gone' as area_code_kemendagri,
        3 as rank_of_day
    from registered
    where residency_status in ('dead', 'moved_away') and status_date is not null
)

select
    person_id,
    arrival_date,
    max_by(area_code_kemendagri, rank_of_day) as area_code_kemendagri
from arrivals
group by person_id, arrival_date
