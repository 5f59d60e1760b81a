{{ config(
    materialized='by_key',
    key=['call_id'],
    changed_by={'panggilan': ['id_panggilan']},
) }}

with

source as (
    select * from {{ source('lake_darurat112', 'panggilan') }}
),

parsed as (
    select
        *,
        lower(trim(kategori)) as category_key,
        lower(trim(unit)) as unit_key,
        {{ parse_coordinate('lat') }} as first_degrees,
        {{ parse_coordinate('lng') }} as second_degrees
    from source
),

-- Indonesia lies between 6 degrees north and 11 south, 95 and 141 east: a pair that is the other
-- way round was typed into the wrong fields.
placed as (
    select
        *,
        coalesce(
            first_degrees between 95 and 141 and second_degrees between -11 and 6, false
        ) as is_swapped
    from parsed
),

renamed as (
    select
        -- ids
        id_panggilan as call_id,

        -- strings
        case
            when lower(trim(nama_pelapor)) not in ('', '-', 'anonim', 'tdk mau sebut nama', 'xxx')
                then trim(nama_pelapor)
        end as caller_name,
        nama_pelapor as caller_name_raw,
        {{ parse_phone('telp') }} as phone,
        telp as phone_raw,
        case
            when category_key = 'kebakaran' then 'fire'
            when category_key in ('kecelakaan', 'laka', 'laka lantas') then 'accident'
            when category_key in ('medis', 'gawat medis') then 'medical'
            when category_key in ('banjir', 'genangan/banjir') then 'flood'
            when category_key in ('kriminal', 'kriminalitas') then 'crime'
            when category_key in ('pohon tumbang', 'phn tumbang') then 'fallen_tree'
            when category_key in ('hewan', 'evakuasi hewan') then 'animal'
            when category_key in ('prank', 'ghost call', 'iseng') then 'ghost_call'
        end as call_category,
        kategori as call_category_raw,
        lokasi as location_text,
        kelurahan as kelurahan_raw,
        -- Operators who leave the field empty often have the name at the end of what they heard.
        coalesce(
            nullif(trim(kelurahan), ''),
            nullif(
                regexp_extract(
                    replace(lower(trim(lokasi)), 'kantor kelurahan', ''),
                    '^.* (kel[.]?|kelurahan|di) ([a-z ]+)$', 2
                ),
                ''
            )
        ) as kelurahan_written,
        case
            when unit_key like '%damkar%' or unit_key like '%pemadam%' then 'fire_brigade'
            when unit_key like '%psc%' or unit_key like '%ambulans%' then 'ambulance'
            when unit_key like '%bpbd%' then 'disaster_agency'
            when unit_key like '%polres%' or unit_key like '%polsek%' then 'police'
            when unit_key like '%satpol%' then 'public_order'
            when unit_key like '%dishub%' then 'transport'
            when unit_key like '%dlh%' then 'environment'
        end as unit_kind,
        unit as unit_raw,

        -- numbers
        case when is_swapped then second_degrees else first_degrees end as latitude,
        case when is_swapped then first_degrees else second_degrees end as longitude,
        lat as latitude_raw,
        lng as longitude_raw,
        {{ parse_decimal_comma('respon_menit') }} as response_minutes,
        respon_menit as response_minutes_raw,

        -- booleans
        is_swapped as is_position_swapped,
        coalesce(category_key in ('prank', 'ghost call', 'iseng'), false) as is_ghost_call,

        -- times
        waktu as called_at,
        berangkat as dispatched_at,
        tiba as arrived_at,
        selesai as closed_at,
        _kota_at as landed_at
    from placed
)

select * from renamed
