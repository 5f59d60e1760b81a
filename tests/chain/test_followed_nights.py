"""Twenty days, each night built from the one before: the same as built anew, table by table."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import psycopg
import pytest

from tests.chain.city import RunningCity, running_city
from warehouse.candidate import Candidate, find_candidate
from warehouse.content import content_hashes
from warehouse.manifest import Manifest

pytestmark = pytest.mark.integration

DAYS = 20
NIGHTS = range(1, DAYS + 1) if os.environ.get("EVERY_NIGHT") else (1, 8, DAYS)
"""After which days kota runs: `make nightly` runs it after each."""

DRIFT = 8
"""The day on which the permit office's vendor adds a column."""


@dataclass(frozen=True)
class Night:
    """What was built, and what kota knew to have changed."""

    manifest: Manifest
    states: dict[str, str]
    """By ``schema.table``: same, changed or rebuilt."""


@dataclass(frozen=True)
class Story:
    """All nights, and the last of them built once more with nothing to start from."""

    nights: list[Night]
    deleted: int
    """Rows that went in the apps."""
    followed: dict[str, str]
    """Content of each table of the last night."""
    in_full: dict[str, str]
    full: Manifest


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Lived through once, in a city of its own."""
    with running_city(tmp_path_factory.mktemp("nights")) as city:
        nights, deleted = [_night(city)], 0
        for day in range(1, DAYS + 1):
            truth = city.advance()
            tables = [table for app in truth.apps.values() for table in app.values()]
            deleted += sum(len(table.deleted) for table in tables)
            if day == DRIFT:
                _add_column(city)
            if day in NIGHTS:
                nights.append(_night(city))
        followed = _contents(find_candidate(city.settings))
        assert (done := city.kota("build", "--full")).code == 0, done.err
        full = find_candidate(city.settings)
        yield Story(nights, deleted, followed, _contents(full), full.manifest)


def test_each_night_goes_on_from_the_one_before(story: Story) -> None:
    built = [night.manifest for night in story.nights]

    assert [manifest.base for manifest in built] == [None, *(m.id for m in built[:-1])]
    assert story.full.base is None
    assert story.full.lake == built[-1].lake
    assert story.full.as_of == built[-1].as_of


def test_every_table_is_as_if_built_in_full(story: Story) -> None:
    assert len(story.followed) > 100
    assert story.followed == story.in_full


def test_the_days_had_all_that_makes_it_hard(story: Story) -> None:
    assert story.deleted > 0
    drift = story.nights[1 + list(NIGHTS).index(DRIFT)].states
    assert drift["lake_perizinan.permohonan"] == "rebuilt"
    last = story.nights[-1].states
    assert (
        last["lake_perizinan.permohonan"]
        == last["staging.stg_perizinan__applications"]
        == "changed"
    )
    assert "rebuilt" not in last.values()


def _night(city: RunningCity) -> Night:
    for command in ("extract", "build"):
        assert (done := city.kota(command)).code == 0, done.err
    candidate = find_candidate(city.settings)
    with duckdb.connect(candidate.path, read_only=True) as con:
        states = con.execute(
            "select schema_name || '.' || table_name, state from ops.changes"
        ).fetchall()
    return Night(candidate.manifest, dict(states))


def _add_column(city: RunningCity) -> None:
    with psycopg.connect(city.servers.postgres.uri("perizinan"), autocommit=True) as office:
        office.execute("alter table izin.permohonan add column catatan text")


def _contents(candidate: Candidate) -> dict[str, str]:
    with duckdb.connect(candidate.path, read_only=True) as con:
        lake = con.execute(
            "select distinct schema_name from duckdb_schemas() where schema_name like 'lake_%'"
        ).fetchall()
        schemas = ["staging", "intermediate", "marts", *(name for (name,) in lake)]
        return content_hashes(con, *schemas)
