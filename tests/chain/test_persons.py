"""Who is one person, in what kota makes of the apps on several nights."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from benchmarks.city import add_truth
from benchmarks.matching.score import judge, score
from tests.chain.city import RunningCity
from tests.chain.conftest import Day
from warehouse.folder import DATABASE

pytestmark = pytest.mark.integration

APPS = (
    "laksa", "perizinan", "siak", "epuskesmas", "sekolah", "siapkerja", "pbb", "simpeg",
    "darurat112",
)  # fmt: skip


def candidate(city: RunningCity, day: Day) -> Path:
    """The candidate that became the snapshot of a day."""
    return city.settings.candidates_dir / day.snapshot.name / DATABASE


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database to compare in."""
    with duckdb.connect() as con:
        yield con


def test_every_app_tells_of_people_and_they_are_found_across_apps(
    recovered: Day, city: RunningCity, con: duckdb.DuckDBPyConnection
) -> None:
    con.execute(f"attach '{candidate(city, recovered)}' as kota (read_only)")
    con.execute("create table mentions as from kota.intermediate.int_persons__mentions")
    add_truth(con, city.state, APPS)

    judge(con, "kota.intermediate.int_persons__links")

    apps = con.execute("select distinct app from kota.marts.rpt_person_match_rates").fetchall()
    assert {app for (app,) in apps} == set(APPS)
    known = con.execute("select avg(cast(person >= 0 as integer)) from judged").fetchall()[0][0]
    assert known > 0.9  # or the truth was not found
    found = score(con, "true")
    assert found.precision > 0.99
    assert found.recall > 0.92


def test_a_person_keeps_their_id_from_night_to_night(
    without_permits: Day, recovered: Day, city: RunningCity, con: duckdb.DuckDBPyConnection
) -> None:
    con.execute(f"attach '{candidate(city, without_permits)}' as before (read_only)")
    con.execute(f"attach '{candidate(city, recovered)}' as kota (read_only)")

    (mentions, changed, told), *_ = con.execute("""
        select
            count(*),
            count(*) filter (where then.person_id <> now.person_id),
            count(*) filter (where then.person_id <> now.person_id
                and exists (
                    from kota.intermediate.int_persons__changes as changes
                    where changes.former_person_id = then.person_id
                        and changes.person_id = now.person_id
                )
            )
        from before.intermediate.int_persons__links as then
        inner join kota.intermediate.int_persons__links as now using (mention)
    """).fetchall()

    assert mentions > 1000
    assert changed < 0.005 * mentions
    assert told == changed  # each split and merge is listed
