-- Whoever adds an app adds a model of its mentions, and it here (docs/decisions/0015-persons.md).
with

mentions as (
    select * from {{ ref('int_persons__mentions_laksa') }}
    union all
    select * from {{ ref('int_persons__mentions_perizinan') }}
    union all
    select * from {{ ref('int_persons__mentions_siak') }}
    union all
    select * from {{ ref('int_persons__mentions_epuskesmas') }}
    union all
    select * from {{ ref('int_persons__mentions_sekolah') }}
    union all
    select * from {{ ref('int_persons__mentions_siapkerja') }}
    union all
    select * from {{ ref('int_persons__mentions_pbb') }}
    union all
    select * from {{ ref('int_persons__mentions_simpeg') }}
    union all
    select * from {{ ref('int_persons__mentions_darurat112') }}
)

select
    source_app,
    source_table,
    record_key,
    {{ parse_nik('nik_raw') }} as nik,
    nik_raw,
    {{ normalise_person_name('name_raw') }} as name_key,
    name_raw,
    birth_date,
    -- Whoever does not know the day writes the first of January.
    not coalesce(month(birth_date) = 1 and day(birth_date) = 1, true) as is_birth_date_sure,
    sex,
    kelurahan_code,
    kecamatan_code,
    street_key,
    neighbourhood,
    {{ parse_phone('phone_raw') }} as phone,
    {{ normalise_person_name('parent_name_raw') }} as parent_name_key,
    {{ normalise_person_name('other_parent_name_raw') }} as other_parent_name_key,
    child_table,
    child_key,
    family_card_number,
    recorded_at
from mentions
