"""Who is one person, in what kota makes of the apps on several nights."""

from collections.abc import Iterator

import duckdb
import pytest

from benchmarks.city import add_truth
from benchmarks.matching.score import judge, score
from tests.chain.city import RunningCity
from tests.chain.conftest import Day

pytestmark = pytest.mark.integration

APPS = (
    "laksa", "perizinan", "siak", "epuskesmas", "sekolah", "siapkerja", "pbb", "simpeg",
    "darurat112",
)  # fmt: skip


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database to compare in."""
    with duckdb.connect() as con:
        yield con


def test_every_app_tells_of_people_and_they_are_found_across_apps(
    opening: Day, city: RunningCity, con: duckdb.DuckDBPyConnection
) -> None:
    con.execute(f"attach '{opening.candidate}' as kota (read_only)")
    con.execute("create table mentions as from kota.intermediate.int_persons__mentions")
    add_truth(con, city.state, APPS)

    judge(con, "kota.intermediate.int_persons__links")

    apps = con.execute("select distinct app from kota.marts.rpt_person_match_rates").fetchall()
    assert {app for (app,) in apps} == set(APPS)
    known = con.execute("select avg(cast(person >= 0 as integer)) from judged").fetchall()[0][0]
    assert known > 0.9  # or the truth was not found
    assert score(con, "true").precision > 0.99
    # In so small a city most rows are calls, and of those few tell who called.
    assert score(con, "source_app <> 'darurat112'").recall > 0.9


def test_a_person_keeps_their_id_from_night_to_night(
    without_permits: Day, recovered: Day, con: duckdb.DuckDBPyConnection
) -> None:
    con.execute(f"attach '{without_permits.candidate}' as before (read_only)")
    con.execute(f"attach '{recovered.candidate}' as kota (read_only)")

    (mentions, changed, told), *_ = con.execute("""
        select
            count(*),
            count(*) filter (where former.person_id <> latter.person_id),
            count(*) filter (where former.person_id <> latter.person_id
                and exists (
                    from kota.intermediate.int_persons__changes as changes
                    where changes.former_person_id = former.person_id
                        and changes.person_id = latter.person_id
                )
            )
        from before.intermediate.int_persons__links as former
        inner join kota.intermediate.int_persons__links as latter using (mention)
    """).fetchall()

    assert mentions > 1000
    assert changed < 0.005 * mentions
    assert told == changed  # each split and merge is listed
