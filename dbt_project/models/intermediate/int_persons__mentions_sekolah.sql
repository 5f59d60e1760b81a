with

-- A school that typed numbers rounded every NIK: what it has is nobody's.
primary_pupils as (
    select
        'siswa_sd' as source_table,
        'siswa_sd.wali' as guardian_table,
        enrolment_id,
        case when not is_nik_rounded then nik_raw end as nik_raw,
        full_name,
        birth_date,
        sex,
        address,
        {{ place_key('sekolah', 'primary_pupils', kelurahan='kelurahan_raw') }} as place_key,
        guardian_name,
        cast(null as varchar) as guardian_nik_raw,
        guardian_phone_raw,
        landed_at
    from {{ ref('stg_sekolah__primary_pupils') }}
),

junior_secondary_pupils as (
    select
        'siswa_smp' as source_table,
        'siswa_smp.wali' as guardian_table,
        enrolment_id,
        case when not is_nik_rounded then nik_raw end as nik_raw,
        full_name,
        birth_date,
        sex,
        cast(null as varchar) as address,
        {{ place_key('sekolah', 'junior_secondary_pupils', kelurahan='kelurahan_raw') }}
            as place_key,
        guardian_name,
        guardian_nik_raw,
        guardian_phone_raw,
        landed_at
    from {{ ref('stg_sekolah__junior_secondary_pupils') }}
),

pupils as (
    select * from primary_pupils
    union all
    select * from junior_secondary_pupils
),

placed as (
    select
        pupils.*,
        {{ known_kelurahan('places') }} as kelurahan_code,
        {{ known_kecamatan('places') }} as kecamatan_code,
        {{ street_key('pupils.address') }} as street_key,
        {{ neighbourhood_in_address('pupils.address') }} as neighbourhood
    from pupils
    left join {{ ref('int_places__resolved') }} as places
        on pupils.place_key = places.place_key
)

select
    'sekolah' as source_app,
    source_table,
    enrolment_id as record_key,
    nik_raw,
    full_name as name_raw,
    birth_date,
    sex,
    kelurahan_code,
    kecamatan_code,
    street_key,
    neighbourhood,
    cast(null as varchar) as phone_raw,
    guardian_name as parent_name_raw,
    cast(null as varchar) as other_parent_name_raw,
    cast(null as varchar) as child_table,
    cast(null as varchar) as child_key,
    cast(null as varchar) as family_card_number,
    landed_at as recorded_at
from placed
union all
select
    'sekolah' as source_app,
    guardian_table as source_table,
    enrolment_id as record_key,
    guardian_nik_raw as nik_raw,
    guardian_name as name_raw,
    cast(null as date) as birth_date,
    cast(null as varchar) as sex,
    kelurahan_code,
    kecamatan_code,
    street_key,
    neighbourhood,
    guardian_phone_raw as phone_raw,
    cast(null as varchar) as parent_name_raw,
    cast(null as varchar) as other_parent_name_raw,
    source_table as child_table,
    enrolment_id as child_key,
    cast(null as varchar) as family_card_number,
    landed_at as recorded_at
from placed
where guardian_name is not null
