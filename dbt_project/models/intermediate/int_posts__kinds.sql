with

posts as (
    select distinct
        post_title,
        echelon,
        split_part(echelon, '.', 1) as echelon_level
    from {{ ref('stg_simpeg__posts') }}
),

functional as (
    select distinct posts.post_title
    from posts
    inner join {{ ref('seed_functional_posts') }} as families
        on upper(posts.post_title) || ' ' like upper(families.post_family) || ' %'
)

select
    posts.post_title,
    posts.echelon,
    case
        when posts.echelon_level in ('I', 'II') then 'leader'
        when posts.echelon_level = 'III' then 'administrator'
        when posts.echelon_level in ('IV', 'V') then 'supervisor'
        when posts.echelon is not null or posts.post_title is null then 'unknown'
        when functional.post_title is not null then 'functional'
        else 'operational'
    end as post_kind
from posts
left join functional
    on posts.post_title = functional.post_title
