select
    'perizinan' as source_app,
    'pemohon' as source_table,
    applicants.applicant_id as record_key,
    applicants.nik as nik_raw,
    applicants.full_name as name_raw,
    cast(null as date) as birth_date,
    cast(null as varchar) as sex,
    {{ known_kelurahan('written') }} as kelurahan_code,
    coalesce({{ known_kecamatan('written') }}, {{ known_kecamatan('coded') }}) as kecamatan_code,
    {{ street_key('applicants.address') }} as street_key,
    {{ neighbourhood_in_address('applicants.address') }} as neighbourhood,
    applicants.phone as phone_raw,
    cast(null as varchar) as parent_name_raw,
    cast(null as varchar) as other_parent_name_raw,
    cast(null as varchar) as child_table,
    cast(null as varchar) as child_key,
    cast(null as varchar) as family_card_number,
    applicants.updated_at as recorded_at
from {{ ref('stg_perizinan__applicants') }} as applicants
-- The address tells the kelurahan, the code only the kecamatan.
left join {{ ref('int_places__resolved') }} as written
    on
        {{ place_key(
            'perizinan', 'applicant_addresses',
            kelurahan=kelurahan_in_address('applicants.address'),
        ) }} = written.place_key
left join {{ ref('int_places__resolved') }} as coded
    on
        {{ place_key('perizinan', 'applicants', code='applicants.area_code_bps') }}
        = coded.place_key
