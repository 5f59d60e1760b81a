"""One city for all tests of the chain, and the days of its story, each lived through once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from demo.truth import Truth
from tests.chain.city import Done, RunningCity, running_city


@dataclass(frozen=True)
class Day:
    """A run of kota, and what officials read after it."""

    run: Done
    truth: Truth
    snapshot: Path
    candidate: Path
    """The file that the snapshot was made from, out of reach of the builds to come."""
    published: Path
    """The snapshot's own file, out of reach of the publications to come."""


@dataclass(frozen=True)
class QuietRun:
    """A run on a day without news."""

    run: Done
    candidates: set[str]
    snapshot: Path


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCity]:
    """The apps, serving."""
    with running_city(tmp_path_factory.mktemp("chain")) as city:
        yield city


@pytest.fixture(scope="session")
def opening(city: RunningCity) -> Day:
    """The first run."""
    return _lived(city)


@pytest.fixture(scope="session")
def quiet(city: RunningCity, opening: Day) -> QuietRun:  # noqa: ARG001
    """A second run, nothing having happened."""
    run = city.kota("run")
    candidates = {path.name for path in city.settings.candidates_dir.iterdir() if path.is_dir()}
    return QuietRun(run, candidates, city.current.resolve())


@dataclass(frozen=True)
class PartialDay(Day):
    """A day on which the permit office could not be reached, and a reader that was at work."""

    read_before: int
    read_meanwhile: int
    read_afterwards: int


@pytest.fixture(scope="session")
def without_permits(city: RunningCity, quiet: QuietRun) -> PartialDay:
    """A day passes, and kota is given a wrong password for the permit office.

    All the while somebody reads the snapshot from before, one query of which is under way.
    """
    wrong = city.connections["KOTA_CONN_PERIZINAN"].replace("reader-secret", "Hunter2-x")
    city.advance()
    with duckdb.connect(city.current / "kota.duckdb", read_only=True) as reader:
        count = "select count(*) from marts.fct_complaints"
        before = reader.execute(count).fetchall()[0][0]
        rows = reader.cursor().execute(
            "select complaint_id from marts.fct_complaints cross join range(2000)"
        )
        meanwhile = len(rows.fetchmany(10))
        run = city.kota("run", "--json", changes={"KOTA_CONN_PERIZINAN": wrong})
        while some := rows.fetchmany(100_000):
            meanwhile += len(some)
        after = reader.execute(count).fetchall()[0][0]
    snapshot = city.current.resolve()
    assert snapshot != quiet.snapshot
    kept = (city.keep_candidate(), city.keep_published())
    return PartialDay(run, city.truth, snapshot, *kept, before, meanwhile, after)


@pytest.fixture(scope="session")
def recovered(city: RunningCity, without_permits: PartialDay) -> Day:  # noqa: ARG001
    """The password is right again."""
    return _lived(city)


def _lived(city: RunningCity) -> Day:
    run = city.kota("run", "--json")
    assert run.code == 0, run.err
    kept = (city.keep_candidate(), city.keep_published())
    return Day(run, city.truth, city.current.resolve(), *kept)
