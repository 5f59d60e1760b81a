with

calls as (
    select
        *,
        coalesce(call_category, 'unknown') as known_category,
        {{ local_date('called_at') }} as called_date,
        -- What the control room dates before the call can't be true: no time is better.
        case when dispatched_at >= called_at then dispatched_at end as sent_at,
        case when arrived_at >= called_at then arrived_at end as there_at,
        case when closed_at >= called_at then closed_at end as ended_at,
        case when call_category_raw is not null and call_category is null then 1 else 0 end
        + case when phone_raw is not null and phone is null then 1 else 0 end
        + case when latitude_raw is not null and latitude is null then 1 else 0 end
        + case when unit_raw is not null and unit_kind is null then 1 else 0 end
        + case
            when response_minutes_raw is not null and response_minutes is null then 1 else 0
        end as unreadable_field_count
    from {{ ref('stg_darurat112__calls') }}
),

places as (
    select * from {{ ref('int_emergency_calls__areas') }}
),

kinds as (
    select * from {{ ref('seed_emergency_kinds') }}
),

units as (
    select * from {{ ref('seed_emergency_units') }}
),

departments as (
    select * from {{ ref('dim_departments') }}
),

areas as (
    select * from {{ ref('dim_areas') }}
)

select
    -- ids
    calls.call_id,

    -- what, who, where
    calls.known_category as call_category,
    coalesce(kinds.call_category_name, 'Tidak diketahui') as call_category_name,
    calls.unit_kind,
    units.unit_kind_name,
    departments.department_code,
    departments.department_name,
    areas.kecamatan_code,
    areas.kecamatan_name,
    case
        when calls.known_category = 'medical' then 'unknown'
        else coalesce(places.kelurahan_code, 'unknown')
    end as kelurahan_code,
    coalesce(places.area_match_method, 'unresolved') as area_match_method,
    places.area_match_score,

    -- status
    calls.is_ghost_call,
    calls.ended_at is null and not calls.is_ghost_call as is_open,
    cast(calls.unreadable_field_count as bigint) as unreadable_field_count,

    -- times
    calls.called_at,
    calls.called_date,
    calls.sent_at as dispatched_at,
    calls.there_at as arrived_at,
    calls.ended_at as closed_at,
    {{ minutes_between('calls.called_at', 'calls.sent_at') }} as dispatch_minutes,
    {{ minutes_between('calls.called_at', 'calls.there_at') }} as response_minutes,
    kinds.target_minutes,
    coalesce(
        calls.there_at > calls.called_at + kinds.target_minutes * interval '1' minute, false
    ) as is_late
from calls
left join places
    on calls.call_id = places.call_id
left join kinds
    on calls.known_category = kinds.call_category
left join units
    on calls.unit_kind = units.unit_kind
left join departments
    on coalesce(units.department_code, 'unassigned') = departments.department_code
left join areas
    on coalesce(places.kecamatan_code, 'unknown') = areas.area_code_kemendagri
