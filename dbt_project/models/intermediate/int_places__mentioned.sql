{{ places_mentioned(
    ref('stg_laksa__complaints'), 'laksa', 'complaints',
    kecamatan='kecamatan_raw', kelurahan='kelurahan_raw',
    latitude='latitude', longitude='longitude',
) }}
union all
{{ places_mentioned(
    ref('int_tax_objects__known'), 'pbb', 'tax_objects',
    kelurahan='kelurahan_name_raw', code='area_code_pbb', code_scheme="'app'",
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
union all
{{ places_mentioned(
    ref('stg_laksa__citizens'), 'laksa', 'citizens',
    kelurahan=kelurahan_in_address('address'),
) }}
union all
{{ places_mentioned(
    ref('stg_perizinan__applicants'), 'perizinan', 'applicant_addresses',
    kelurahan=kelurahan_in_address('address'),
) }}
union all
{{ places_mentioned(
    ref('stg_siak__residents'), 'siak', 'residents',
    code='area_code_kemendagri', code_scheme="'kemendagri'",
) }}
union all
{{ places_mentioned(
    ref('stg_epuskesmas__patients'), 'epuskesmas', 'patients',
    kelurahan='kelurahan_raw',
) }}
union all
{{ places_mentioned(
    ref('stg_epuskesmas__vaccinations'), 'epuskesmas', 'vaccinations',
    kelurahan='kelurahan_raw',
) }}
union all
{{ places_mentioned(
    ref('stg_sekolah__primary_pupils'), 'sekolah', 'primary_pupils',
    kelurahan='kelurahan_raw',
) }}
union all
{{ places_mentioned(
    ref('stg_sekolah__junior_secondary_pupils'), 'sekolah', 'junior_secondary_pupils',
    kelurahan='kelurahan_raw',
) }}
union all
{{ places_mentioned(
    ref('stg_simpeg__employees'), 'simpeg', 'employees',
    kelurahan=kelurahan_in_address('address'),
) }}
union all
{{ places_mentioned(
    "(select * from " ~ ref('stg_darurat112__calls') ~ " where not is_ghost_call) as calls",
    'darurat112', 'calls',
    kelurahan='kelurahan_written', latitude='latitude', longitude='longitude',
) }}
union all
{{ places_mentioned(
    ref('int_news__places'), 'berita', 'articles',
    kecamatan='place_name',
) }}
union all
{{ places_mentioned(
    ref('stg_epuskesmas__clinics'), 'epuskesmas', 'clinics',
    code='area_code_bps', code_scheme="'bps'",
) }}
union all
{{ places_mentioned(
    ref('stg_sekolah__schools'), 'sekolah', 'schools',
    kelurahan='kelurahan_raw',
    latitude='latitude', longitude='longitude',
) }}
