select
    written,
    {{ parse_date_id('written') }} as date_value,
    {{ parse_decimal_comma('written') }} as decimal_value,
    {{ parse_coordinate('written') }} as coordinate_degrees,
    {{ parse_phone('written') }} as phone,
    {{ parse_yes_no('written') }} as yes_no,
    {{ parse_sex('written') }} as sex,
    {{ parse_nik('written') }} as nik,
    {{ nik_birth_date(parse_nik('written')) }} as nik_birth_date,
    {{ nik_is_woman(parse_nik('written')) }} as nik_is_woman,
    {{ normalise_person_name('written') }} as person_name
from {{ ref('seed_text_examples') }}
