{#- A date as Indonesian offices write it: 05/01/2024, 5-1-2024, 5.1.24, 2024-01-05, 20240105,
    5 Januari 2024, 5 Jan 24, Senin, 5 Pebruari 2024; a time of day behind it makes no difference.
    The day comes before the month. A year of two digits is 20xx up to 39, else 19xx. A day the
    calendar lacks, and anything else, is NULL, never a guess. -#}
{%- macro parse_date_id(text) -%}
    {%- set written = date_text(text) -%}
    {%- set numbers -%}
        split_part(replace(replace({{ written }}, '/', '-'), '.', '-'), '-', {})
    {%- endset -%}
    {%- set words -%}
        split_part(replace({{ written }}, '-', ' '), ' ', {})
    {%- endset -%}
    try_cast(
        case
            when {{ matches_fully(written, '[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}') }}
                then replace(replace({{ written }}, '/', '-'), '.', '-')
            when {{ matches_fully(written, '(19|20)[0-9]{6}') }}
                then
                    left({{ written }}, 4) || '-' || substring({{ written }}, 5, 2)
                    || '-' || right({{ written }}, 2)
            when {{ matches_fully(written, '[0-9]{1,2}([-/.])[0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2})') }}
                then
                    {{ full_year(numbers.replace('{}', '3')) }}
                    || '-' || {{ numbers.replace('{}', '2') }}
                    || '-' || {{ numbers.replace('{}', '1') }}
            when
                {{ matches_fully(
                    written, '[0-9]{1,2}[- ][a-z]{3,9}[.]?[- ]([0-9]{4}|[0-9]{2})'
                ) }}
                then
                    {{ full_year(words.replace('{}', '3')) }}
                    || '-' || {{ month_number(words.replace('{}', '2')) }}
                    || '-' || {{ words.replace('{}', '1') }}
        end as date
    )
{%- endmacro -%}

{#- The text without a day of the week in front and without a time of day behind. -#}
{%- macro date_text(text) -%}
    {{ replace_all(
        "lower(trim(cast(" ~ text ~ " as varchar)))",
        "^[a-z]+, *|(t| +)[0-9]{1,2}[:.][0-9]{2}([:.][0-9.]+)?( *(z|wib|[+]07(:?00)?))?$", ""
    ) }}
{%- endmacro -%}

{%- macro full_year(digits) -%}
    case
        when length({{ digits }}) = 4 then {{ digits }}
        when {{ digits }} < '40' then '20' || {{ digits }}
        else '19' || {{ digits }}
    end
{%- endmacro -%}

{#- The month's number by its first letters, in Indonesian or English, old spellings too; NULL for
    another word. -#}
{%- macro month_number(word) -%}
    case left({{ word }}, 3)
        when 'jan' then '01'
        when 'feb' then '02'
        when 'peb' then '02'
        when 'mar' then '03'
        when 'apr' then '04'
        when 'mei' then '05'
        when 'may' then '05'
        when 'jun' then '06'
        when 'jul' then '07'
        when 'agu' then '08'
        when 'agt' then '08'
        when 'ags' then '08'
        when 'aug' then '08'
        when 'sep' then '09'
        when 'okt' then '10'
        when 'oct' then '10'
        when 'nov' then '11'
        when 'nop' then '11'
        when 'des' then '12'
        when 'dec' then '12'
    end
{%- endmacro -%}
