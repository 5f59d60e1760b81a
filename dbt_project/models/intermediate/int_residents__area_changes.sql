-- A register that is written over does not say where people lived before: the lake's states of its
-- rows do. The first state of all is where somebody was found, not where they went.
with

states as (
    select * from {{ ref('stg_siak__resident_states') }}
    where nik is not null and residency_status = 'resident' and area_code_kemendagri is not null
),

-- Of the entries that one export brought, that on the newest card holds, as in the register itself.
exports as (
    select
        nik,
        known_from_at,
        max(changed_date) as changed_date,
        max_by(area_code_kemendagri, (changed_date, family_card_number)) as area_code_kemendagri
    from states
    group by nik, known_from_at
),

-- An older card that somebody touched does not bring people back to where they were.
newest as (
    select *
    from exports
    qualify
        changed_date >= max(changed_date) over (
            partition by nik
            order by known_from_at
            rows between unbounded preceding and current row
        )
),

compared as (
    select
        *,
        lag(area_code_kemendagri) over (partition by nik order by known_from_at)
            as from_area_code_kemendagri
    from newest
)

select
    nik,
    changed_date as change_date,
    from_area_code_kemendagri,
    area_code_kemendagri as to_area_code_kemendagri
from compared
where area_code_kemendagri <> from_area_code_kemendagri
