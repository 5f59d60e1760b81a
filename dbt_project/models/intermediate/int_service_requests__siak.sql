-- A letter moves a whole household: it is one request, of its first person whom kota knows. The
-- register keeps the day of the letter alone, and only letters that were issued: when it was asked
-- for, and so whether it took too long, nobody recorded.
with

moves as (
    select
        *,
        coalesce(move_direction, 'unknown') as request_kind
    from {{ ref('stg_siak__moves') }}
),

kinds as (
    select * from {{ ref('int_services__kinds') }}
    where source_app = 'siak'
),

services as (
    select * from {{ ref('dim_services') }}
),

persons as (
    select * from {{ ref('int_persons__residents') }}
),

areas as (
    select * from {{ ref('seed_areas') }}
    where area_level = 'kelurahan'
),

letters as (
    select
        moves.move_number,
        min(moves.request_kind) as request_kind,
        min(moves.move_date) as move_date,
        min(moves.landed_at) as landed_at,
        min_by(persons.person_id, moves.nik) as person_id,
        -- Who leaves the city asks where he lived, who moves within it where he will.
        min(
            case
                when moves.request_kind = 'out' then moves.from_area_code_kemendagri
                else moves.to_area_code_kemendagri
            end
        ) as area_code_kemendagri
    from moves
    left join persons
        on moves.nik = persons.nik
    group by moves.move_number
)

select
    'siak:' || letters.move_number as request_id,
    'siak' as source_app,
    letters.move_number as request_number,
    letters.person_id,
    case letters.request_kind
        when 'in' then 'Pindah datang'
        when 'out' then 'Pindah keluar'
        when 'within' then 'Pindah dalam kota'
        else 'Pindah'
    end as service_name,
    coalesce(kinds.service_code, 'unmapped') as service_code,
    coalesce(services.department_code, 'unassigned') as department_code,
    coalesce(areas.kecamatan_code, 'unknown') as kecamatan_code,
    coalesce(areas.area_code_kemendagri, 'unknown') as kelurahan_code,
    'closed' as status,
    {{ start_of_day('coalesce(letters.move_date, ' ~ local_date('letters.landed_at') ~ ')') }}
        as received_at,
    coalesce(letters.move_date, {{ local_date('letters.landed_at') }}) as received_date,
    cast(null as timestamptz) as processed_at,
    cast(null as timestamptz) as closed_at,
    cast(null as bigint) as target_days
from letters
left join kinds
    on letters.request_kind = kinds.request_kind
left join services
    on kinds.service_code = services.service_code
left join areas
    on letters.area_code_kemendagri = areas.area_code_kemendagri
