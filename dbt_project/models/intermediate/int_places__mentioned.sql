{{ config(materialized='table') }}

{{ places_mentioned(
    ref('stg_laksa__complaints'), 'laksa', 'complaints',
    kecamatan='kecamatan_raw', kelurahan='kelurahan_raw',
    latitude='latitude', longitude='longitude',
) }}
union all
{{ places_mentioned(
    ref('stg_perizinan__applications'), 'perizinan', 'applications',
    code='area_code_bps', code_scheme="'bps'",
) }}
union all
{{ places_mentioned(
    ref('stg_perizinan__applicants'), 'perizinan', 'applicants',
    code='area_code_bps', code_scheme="'bps'",
) }}
union all
{{ places_mentioned(
    ref('stg_segar__markets'), 'segar', 'markets',
    kecamatan='kecamatan_raw',
) }}
union all
{{ places_mentioned(
    ref('stg_siapkerja__job_seekers'), 'siapkerja', 'job_seekers',
    kelurahan='kelurahan_raw',
) }}
union all
{{ places_mentioned(
    ref('stg_siapkerja__vacancies'), 'siapkerja', 'vacancies',
    kecamatan='kecamatan_raw',
) }}
