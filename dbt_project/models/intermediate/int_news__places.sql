with

articles as (
    select
        article_id,
        ' ' || {{ replace_all("upper(title)", "[^A-Z0-9]+", " ") }} || ' ' as title_words
    from {{ ref('stg_berita__articles') }}
),

areas as (
    select * from {{ ref('seed_areas') }}
),

names as (
    select
        area_name as place_name,
        kecamatan_code
    from areas
    union all
    select
        aliases.alias as place_name,
        areas.kecamatan_code
    from {{ ref('seed_area_aliases') }} as aliases
    inner join areas
        on aliases.area_code_kemendagri = areas.area_code_kemendagri
),

-- A name of two places in two kecamatan says neither. The city's own name is no place in it, and
-- three letters may be anything.
known as (
    select
        trim({{ replace_all("upper(place_name)", "[^A-Z0-9]+", " ") }}) as place_words,
        min(place_name) as place_name
    from names
    group by place_words
    having
        count(distinct kecamatan_code) = 1
        and length(place_words) > 3
        and 'KOTA ' || place_words <> '{{ var("city_name") | upper }}'
),

found as (
    select
        articles.article_id,
        known.place_name,
        known.place_words
    from articles
    inner join known
        on articles.title_words like '% ' || known.place_words || ' %'
    where
        known.place_words not in (
            {%- for name in var('place_names_that_are_words') %}
                '{{ name }}'{{ "," if not loop.last }}
            {%- endfor %}
        )
        {% for word in var('words_before_places') %}
            or articles.title_words like '% {{ word }} ' || known.place_words || ' %'
        {% endfor %}
),

-- "Cibodas Baru" is not Cibodas.
whole as (
    select found.*
    from found
    left join found as longer
        on
            found.article_id = longer.article_id
            and found.place_words <> longer.place_words
            and ' ' || longer.place_words || ' ' like '% ' || found.place_words || ' %'
    where longer.article_id is null
)

select
    article_id,
    min(place_name) as place_name
from whole
group by article_id
having count(*) = 1
