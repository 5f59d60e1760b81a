"""Where people lived on a day, as the warehouse says it, against where they did live."""

from datetime import date, timedelta

import duckdb
import pytest

from demo.city import City
from demo.days import day_number
from demo.moves import OUTSIDE, Moves
from tests.chain.city import RunningCity
from warehouse.candidate import find_candidate

pytestmark = pytest.mark.integration

HOMES = """
select residents.nik, history.kelurahan_code
from intermediate.int_persons__residents as residents
left join marts.dim_persons_history as history
    on
        residents.person_id = history.person_id
        and ? >= history.valid_from
        and (? < history.valid_to or history.valid_to is null)
"""


@pytest.mark.usefixtures("opening")
@pytest.mark.parametrize("days_ago", [10, 200, 500])
def test_people_are_found_where_they_lived_that_day(city: RunningCity, days_ago: int) -> None:
    truth = city.truth
    day = truth.day - timedelta(days=days_ago)

    with duckdb.connect(find_candidate(city.settings).path, read_only=True) as con:
        homes = dict(con.execute(HOMES, [day, day]).fetchall())

    lived = residences(City.build(truth.spec, truth.day), day)
    known = {nik: home for nik, home in lived.items() if nik in homes}
    wrong = [nik for nik, home in known.items() if homes[nik] != home]
    assert len(known) > 0.9 * len(lived)
    assert len(wrong) <= 0.01 * len(known)


def residences(city: City, day: date) -> dict[str, str | None]:
    """The kelurahan of every citizen by NIK on the evening of a day; None outside the city."""
    population = city.population
    codes = population.areas.kelurahan_codes
    homes = Moves(population).residence(day_number(day) + 1).tolist()
    niks = population.nik_text(population.citizens).to_pylist()
    return {
        nik: None if home == OUTSIDE else codes[home] for nik, home in zip(niks, homes, strict=True)
    }
