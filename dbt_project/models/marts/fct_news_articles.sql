with

articles as (
    select * from {{ ref('stg_berita__articles') }}
),

named as (
    select * from {{ ref('int_news__places') }}
),

places as (
    select * from {{ ref('int_places__resolved') }}
),

resolved as (
    select
        department_key,
        department_code
    from {{ ref('int_departments__resolved') }}
    where source_app = 'berita'
),

departments as (
    select * from {{ ref('dim_departments') }}
),

areas as (
    select * from {{ ref('dim_areas') }}
)

select
    -- ids
    articles.article_id,
    articles.article_url,

    -- what, who, where
    articles.title,
    coalesce(articles.news_category, 'Tidak diketahui') as news_category,
    articles.is_headline,
    departments.department_code,
    departments.department_name,
    areas.kecamatan_code,
    areas.kecamatan_name,
    case
        when places.area_level = 'kelurahan' then places.area_code_kemendagri
        else 'unknown'
    end as kelurahan_code,
    coalesce(places.area_match_method, 'unresolved') as area_match_method,

    -- times
    articles.published_at,
    articles.published_date
from articles
left join named
    on articles.article_id = named.article_id
left join places
    on {{ place_key('berita', 'articles', kecamatan='named.place_name') }} = places.place_key
left join resolved
    on articles.department_name_raw = resolved.department_key
left join departments
    on coalesce(resolved.department_code, 'unassigned') = departments.department_code
left join areas
    on coalesce(places.kecamatan_code, 'unknown') = areas.area_code_kemendagri
