{#- The code as it is meant: some treasurers end it with a point. -#}
{%- set code -%}
    {{ replace_all("trim(kode)", "[. ]+$", "") }}
{%- endset -%}

with

source as (
    select * from {{ source('lake_anggaran', 'belanja') }}
),

coded as (
    select
        *,
        cast({{ replace_all("_file", "^.*APBD_|[.]xlsx$", "") }} as integer) as budget_year,
        {{ code }} as budget_code,
        case
            when {{ matches_fully(code, "[0-9][.][0-9]{2}") }} then 'field'
            when {{ matches_fully(code, "[0-9]([.][0-9]{2}){2}") }} then 'programme'
            when {{ matches_fully(code, "[0-9]([.][0-9]{2}){2}[.][0-9][.][0-9]{2}") }}
                then 'activity'
            when {{ matches_fully(code, "[0-9]([.][0-9]{2}){2}[.][0-9][.][0-9]{2}[.][0-9]{2,4}") }}
                then 'sub_activity'
            when {{ matches_fully(code, "[0-9]([.][0-9]{1,2}){6}[.][0-9]{4}") }} then 'department'
        end as budget_level
    from source
),

-- In the order of codes, whatever divides a line comes right behind it: a point sorts before any
-- digit.
followed as (
    select
        *,
        lead(budget_code) over (
            partition by _file, _sheet order by budget_code
        ) as following_code
    from coded
)

select
    _file,
    _sheet,
    budget_year,
    budget_code,
    budget_level,
    opd,
    kode,
    uraian,
    "Pagu (Rp)" as budget_raw,
    "Realisasi Jan" as spent_01_raw,
    "Realisasi Feb" as spent_02_raw,
    "Realisasi Mar" as spent_03_raw,
    "Realisasi Apr" as spent_04_raw,
    "Realisasi Mei" as spent_05_raw,
    "Realisasi Jun" as spent_06_raw,
    "Realisasi Jul" as spent_07_raw,
    "Realisasi Agu" as spent_08_raw,
    "Realisasi Sep" as spent_09_raw,
    "Realisasi Okt" as spent_10_raw,
    "Realisasi Nov" as spent_11_raw,
    "Realisasi Des" as spent_12_raw,
    jumlah as spent_raw,
    _kota_at,
    budget_level in ('activity', 'sub_activity')
    and coalesce(left(following_code, length(budget_code) + 1) <> budget_code || '.', true)
        as is_leaf
from followed
