select
    'siapkerja' as source_app,
    'pencari_kerja' as source_table,
    cast(job_seekers.job_seeker_id as varchar) as record_key,
    job_seekers.nik_raw,
    job_seekers.full_name as name_raw,
    job_seekers.birth_date,
    job_seekers.sex,
    {{ known_kelurahan('places') }} as kelurahan_code,
    {{ known_kecamatan('places') }} as kecamatan_code,
    cast(null as varchar) as street_key,
    cast(null as varchar) as neighbourhood,
    job_seekers.phone_raw,
    cast(null as varchar) as parent_name_raw,
    cast(null as varchar) as other_parent_name_raw,
    cast(null as varchar) as child_table,
    cast(null as varchar) as child_key,
    cast(null as varchar) as family_card_number,
    job_seekers.updated_at as recorded_at
from {{ ref('stg_siapkerja__job_seekers') }} as job_seekers
left join {{ ref('int_places__resolved') }} as places
    on
        {{ place_key('siapkerja', 'job_seekers', kelurahan='job_seekers.kelurahan_raw') }}
        = places.place_key
