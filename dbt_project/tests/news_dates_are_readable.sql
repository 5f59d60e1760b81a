-- News without a day it was published: a few have no date at all, many are a new way of writing it.
{{ config(severity='warn') }}

with

articles as (
    select
        count(*) as article_count,
        count(*) - count(published_date) as undated_count
    from {{ ref('stg_berita__articles') }}
)

select *
from articles
where undated_count > 0.05 * article_count
