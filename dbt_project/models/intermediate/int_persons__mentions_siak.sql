with

residents as (
    select * from {{ ref('stg_siak__residents') }}
    where is_newest_entry
),

-- The head and the husband or wife are the parents of whoever else is on the card, as far as the
-- card tells.
couples as (
    select
        family_card_number,
        max(case when family_role = 'head' then full_name end) as head_name,
        max(case when family_role = 'spouse' then full_name end) as spouse_name
    from residents
    group by family_card_number
)

select
    'siak' as source_app,
    'penduduk' as source_table,
    residents.resident_entry_id as record_key,
    residents.nik_raw,
    residents.full_name as name_raw,
    residents.birth_date,
    residents.sex,
    {{ known_kelurahan('places') }} as kelurahan_code,
    {{ known_kecamatan('places') }} as kecamatan_code,
    {{ street_key('residents.street_address') }} as street_key,
    residents.rt_number || '/' || residents.rw_number as neighbourhood,
    cast(null as varchar) as phone_raw,
    case when residents.family_role not in ('head', 'spouse') then couples.head_name end
        as parent_name_raw,
    case when residents.family_role not in ('head', 'spouse') then couples.spouse_name end
        as other_parent_name_raw,
    cast(null as varchar) as child_table,
    cast(null as varchar) as child_key,
    residents.family_card_number,
    residents.landed_at as recorded_at
from residents
left join couples
    on residents.family_card_number = couples.family_card_number
left join {{ ref('int_places__resolved') }} as places
    on
        {{ place_key('siak', 'residents', code='residents.area_code_kemendagri') }}
        = places.place_key
