select
    markets.market_id,
    places.kecamatan_code
from {{ ref('stg_segar__markets') }} as markets
inner join {{ ref('int_places__resolved') }} as places
    on {{ place_key('segar', 'markets', 'markets.kecamatan_raw') }} = places.place_key
