with

patients as (
    select
        'epuskesmas' as source_app,
        'pasien' as source_table,
        cast(patients.patient_id as varchar) as record_key,
        patients.nik_raw,
        patients.full_name as name_raw,
        patients.birth_date,
        patients.sex,
        {{ known_kelurahan('places') }} as kelurahan_code,
        {{ known_kecamatan('places') }} as kecamatan_code,
        cast(null as varchar) as street_key,
        cast(null as varchar) as neighbourhood,
        patients.phone_raw,
        cast(null as varchar) as parent_name_raw,
        cast(null as varchar) as other_parent_name_raw,
        cast(null as varchar) as child_table,
        cast(null as varchar) as child_key,
        cast(null as varchar) as family_card_number,
        patients.updated_at as recorded_at
    from {{ ref('stg_epuskesmas__patients') }} as patients
    left join {{ ref('int_places__resolved') }} as places
        on
            {{ place_key('epuskesmas', 'patients', kelurahan='patients.kelurahan_raw') }}
            = places.place_key
),

children as (
    select
        'epuskesmas' as source_app,
        'imunisasi' as source_table,
        cast(children.vaccination_id as varchar) as record_key,
        children.nik_raw,
        children.full_name as name_raw,
        children.birth_date,
        children.sex,
        {{ known_kelurahan('places') }} as kelurahan_code,
        {{ known_kecamatan('places') }} as kecamatan_code,
        cast(null as varchar) as street_key,
        cast(null as varchar) as neighbourhood,
        cast(null as varchar) as phone_raw,
        children.mother_name as parent_name_raw,
        cast(null as varchar) as other_parent_name_raw,
        cast(null as varchar) as child_table,
        cast(null as varchar) as child_key,
        cast(null as varchar) as family_card_number,
        children.recorded_at
    from {{ ref('stg_epuskesmas__vaccinations') }} as children
    left join {{ ref('int_places__resolved') }} as places
        on
            {{ place_key('epuskesmas', 'vaccinations', kelurahan='children.kelurahan_raw') }}
            = places.place_key
)

select * from patients
union all
select * from children
