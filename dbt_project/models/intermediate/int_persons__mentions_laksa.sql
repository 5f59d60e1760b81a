select
    'laksa' as source_app,
    'pengguna' as source_table,
    cast(citizens.citizen_id as varchar) as record_key,
    citizens.nik as nik_raw,
    {{ repair_double_encoding('citizens.full_name') }} as name_raw,
    cast(null as date) as birth_date,
    cast(null as varchar) as sex,
    {{ known_kelurahan('places') }} as kelurahan_code,
    {{ known_kecamatan('places') }} as kecamatan_code,
    {{ street_key('citizens.address') }} as street_key,
    {{ neighbourhood_in_address('citizens.address') }} as neighbourhood,
    citizens.phone as phone_raw,
    cast(null as varchar) as parent_name_raw,
    cast(null as varchar) as other_parent_name_raw,
    cast(null as varchar) as child_table,
    cast(null as varchar) as child_key,
    cast(null as varchar) as family_card_number,
    citizens.updated_at as recorded_at
from {{ ref('stg_laksa__citizens') }} as citizens
left join {{ ref('int_places__resolved') }} as places
    on
        {{ place_key('laksa', 'citizens', kelurahan=kelurahan_in_address('citizens.address')) }}
        = places.place_key
