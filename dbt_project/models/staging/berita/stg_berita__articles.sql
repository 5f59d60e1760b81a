with

source as (
    select * from {{ source('lake_berita', 'berita') }}
),

renamed as (
    select
        -- ids
        id as article_id,
        link as article_url,

        -- strings
        trim(title) as title,
        summary_text as body,
        author,
        nullif(regexp_extract(categories, '^."([^"]+)"', 1), '') as news_category,
        categories as news_categories,
        -- The press office sets the name of the office it writes about in bold.
        nullif(trim(regexp_extract(summary, '<b>([^<]+)</b>', 1)), '') as department_name_raw,

        -- booleans
        coalesce(categories like '%"Berita Utama"%', false) as is_headline,

        -- times
        published_at,
        -- Where the date is no time, its day can often still be read.
        coalesce(
            {{ local_date('published_at') }}, {{ parse_date_id('updated_at') }}
        ) as published_date,
        updated_at as published_raw,
        _kota_at as landed_at
    from source
)

select * from renamed
