{#- Kilometres between two positions in degrees (WGS 84), on a flat earth: within a city the error
    is a few metres. One degree of latitude is 111.32 km. -#}
{%- macro distance_km(latitude_1, longitude_1, latitude_2, longitude_2) -%}
    111.32 * sqrt(
        power({{ latitude_1 }} - {{ latitude_2 }}, 2)
        + power(({{ longitude_1 }} - {{ longitude_2 }}) * cos(radians({{ latitude_1 }})), 2)
    )
{%- endmacro -%}
