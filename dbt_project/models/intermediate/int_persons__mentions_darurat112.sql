-- Where help is needed is not where the caller lives: a call tells no place of a person.
select
    'darurat112' as source_app,
    'panggilan' as source_table,
    calls.call_id as record_key,
    cast(null as varchar) as nik_raw,
    calls.caller_name as name_raw,
    cast(null as date) as birth_date,
    cast(null as varchar) as sex,
    cast(null as varchar) as kelurahan_code,
    cast(null as varchar) as kecamatan_code,
    cast(null as varchar) as street_key,
    cast(null as varchar) as neighbourhood,
    calls.phone_raw,
    cast(null as varchar) as parent_name_raw,
    cast(null as varchar) as other_parent_name_raw,
    cast(null as varchar) as child_table,
    cast(null as varchar) as child_key,
    cast(null as varchar) as family_card_number,
    calls.called_at as recorded_at
from {{ ref('stg_darurat112__calls') }} as calls
-- Whoever plays a prank gives somebody else's name; and a given name without a number ("Pak Budi")
-- is nobody whom a city could tell from others.
where
    not calls.is_ghost_call
    and (
        calls.phone is not null
        or {{ normalise_person_name('calls.caller_name') }} like '% %'
    )
