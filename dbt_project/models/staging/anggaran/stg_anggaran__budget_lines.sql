with

source as (
    select * from {{ ref('base_anggaran__rows') }}
),

renamed as (
    select
        -- ids
        budget_year,
        _sheet as sheet_name,
        budget_code,

        -- strings
        trim(opd) as department_name_raw,
        trim(uraian) as budget_line_name,
        budget_level,
        kode as budget_code_raw,

        -- numbers
        {{ parse_rupiah('budget_raw') }} as budget_rupiah,
        budget_raw,
        {{ parse_rupiah('spent_raw') }} as spent_rupiah,
        spent_raw,

        -- booleans
        is_leaf,

        -- times
        _kota_at as landed_at
    from source
)

select * from renamed
