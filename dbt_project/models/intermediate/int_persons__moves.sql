with

moves as (
    select
        nik,
        move_date,
        move_number,
        from_area_code_kemendagri,
        to_area_code_kemendagri
    from {{ ref('stg_siak__moves') }}
    where move_date is not null
    union all
    -- What the register's change tells on the day of a letter, the letter tells better.
    select
        nik,
        change_date as move_date,
        '' as move_number,
        from_area_code_kemendagri,
        to_area_code_kemendagri
    from {{ ref('int_residents__area_changes') }}
)

select
    persons.person_id,
    moves.move_date,
    moves.move_number,
    moves.from_area_code_kemendagri,
    moves.to_area_code_kemendagri
from moves
inner join {{ ref('int_persons__residents') }} as persons
    on moves.nik = persons.nik
