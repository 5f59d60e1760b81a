{%- set levels = [
    ['vaccination_month', 'kecamatan_code', 'vaccine_kind', 'vaccine'],
    ['vaccination_month', 'kecamatan_code', 'vaccine_kind'],
    ['vaccination_month', 'kecamatan_code'],
    ['vaccination_month'],
] -%}

with

pooled as (
    {{ pooled_groups(
        ref('int_vaccinations__settled'), 'child_key', 'vaccination_count', levels
    ) }}
),

areas as (
    select * from {{ ref('dim_areas') }}
)

select
    pooled.vaccination_month,
    pooled.kecamatan_code,
    {{ pooled_name('pooled.kecamatan_code', 'areas.area_name') }} as kecamatan_name,
    pooled.vaccine_kind,
    pooled.vaccine,
    pooled.vaccination_count
from pooled
left join areas
    on pooled.kecamatan_code = areas.area_code_kemendagri
