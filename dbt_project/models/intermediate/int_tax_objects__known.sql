with

roll as (
    select * from {{ ref('stg_pbb__tax_objects') }}
),

-- An object that left the roll still has its bills.
numbers as (
    select tax_object_number from roll
    union
    select tax_object_number from {{ ref('stg_pbb__tax_bills') }}
    union
    select tax_object_number from {{ ref('stg_pbb__tax_payments') }}
),

-- Where the counter entered no code, the number has it: its digits 5 to 10 are kecamatan and
-- kelurahan (KEP-533/PJ/2000).
coded as (
    select
        numbers.tax_object_number,
        coalesce(roll.area_code_pbb, substring(numbers.tax_object_number, 5, 6)) as area_code_pbb,
        roll.tax_object_number is not null as is_on_roll
    from numbers
    left join roll
        on numbers.tax_object_number = roll.tax_object_number
)

select
    coded.tax_object_number,
    coded.area_code_pbb,
    tax_areas.kelurahan_name_raw,
    coded.is_on_roll
from coded
left join {{ ref('stg_pbb__tax_areas') }} as tax_areas
    on coded.area_code_pbb = tax_areas.area_code_pbb
