select
    'pbb' as source_app,
    'objek' as source_table,
    tax_objects.tax_object_number as record_key,
    tax_objects.taxpayer_nik_raw as nik_raw,
    tax_objects.taxpayer_name as name_raw,
    cast(null as date) as birth_date,
    cast(null as varchar) as sex,
    nullif(areas.kelurahan_code, 'unknown') as kelurahan_code,
    nullif(areas.kecamatan_code, 'unknown') as kecamatan_code,
    {{ street_key('tax_objects.address') }} as street_key,
    tax_objects.rt_number || '/' || tax_objects.rw_number as neighbourhood,
    cast(null as varchar) as phone_raw,
    cast(null as varchar) as parent_name_raw,
    cast(null as varchar) as other_parent_name_raw,
    cast(null as varchar) as child_table,
    cast(null as varchar) as child_key,
    cast(null as varchar) as family_card_number,
    cast(tax_objects.recorded_date as timestamptz) as recorded_at
from {{ ref('stg_pbb__tax_objects') }} as tax_objects
left join {{ ref('int_tax_objects__areas') }} as areas
    on tax_objects.tax_object_number = areas.tax_object_number
-- A company is nobody, and who is noted as dead is no citizen that another app meets.
where not tax_objects.is_company and not tax_objects.is_noted_deceased
