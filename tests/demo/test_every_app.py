"""Every app of the city, loaded, served and read by kota as registered: nothing is lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.extract import extract_app
from connectors.registry import App, load_registry
from connectors.result import AppResult
from demo.apps import APPS
from demo.environment import environment
from demo.links import read_links
from demo.loading import advance_city, load_city
from demo.people import PEOPLE_FOLDER, read_people
from demo.spec import CitySpec
from demo.truth import Truth
from kota.settings import Settings
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable
from tests.conftest import TOKEN_KEY
from tests.demo.conftest import OPENED, Servers

pytestmark = pytest.mark.integration

SPEC = CitySpec(citizens=500, seed=5, opened=OPENED)


@dataclass(frozen=True)
class Story:
    """The opening day and the morning a week later, each extracted."""

    settings: Settings
    registered: dict[str, App]
    state: Path
    truths: list[Truth]
    runs: list[dict[str, AppResult]]


@pytest.fixture(scope="module")
def story(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("every-app")
    settings = Settings(home=folder / "home")
    connections = {f"KOTA_CONN_{name}": u for name, u in servers.apps.connections().items()}
    registered = load_registry(settings)
    state = folder / "state"
    truths, runs = [], []
    with environment({**connections, "KOTA_TOKEN_KEY": TOKEN_KEY}):
        truths.append(load_city(SPEC, servers.uris(), state))
        with servers.services():
            runs.append({name: extract_app(app, settings) for name, app in registered.items()})
            truths.append(advance_city(servers.uris(), state, days=7))
            runs.append({name: extract_app(app, settings) for name, app in registered.items()})
            yield Story(settings, registered, state, truths, runs)


def test_every_app_of_the_city_is_registered() -> None:
    registered = load_registry(Settings())
    assert {app: entry.connection for app, entry in registered.items()} == dict(
        zip(APPS, APPS, strict=True)
    )


@pytest.mark.parametrize("app_id", APPS)
def test_what_is_at_the_source_is_in_the_lake_or_in_quarantine(story: Story, app_id: str) -> None:
    for run in story.runs:
        assert not run[app_id].failed, run[app_id].sentence()
    quarantine = Quarantine(story.settings.lake_dir, app_id)
    counts = {
        result.table: rows_in_lake(story, app_id, result.table)
        + (quarantine.count_unloaded(result.table) if quarantine.exists() else 0)
        for result in story.runs[-1][app_id].tables
    }
    tables = story.truths[-1].apps[app_id]
    gone = sum(len(table.deleted) for table in tables.values()) if app_id == "berita" else 0
    assert counts == {name: table.rows + gone for name, table in tables.items()}


def rows_in_lake(story: Story, app_id: str, table: str) -> int:
    key = story.registered[app_id].tables[table].key
    with connect(story.settings) as con:
        current = LakeTable(story.settings.lake_dir, app_id, table).current(key)
        return int(con.execute(f"select count(*) from ({current})").fetchall()[0][0])


def test_links_are_as_long_as_the_tables_and_people_of_every_app_are_told(story: Story) -> None:
    truth = story.truths[-1]
    told = set(read_people(story.state / PEOPLE_FOLDER)["app"].to_pylist())
    for app_id, app in APPS.items():
        links = read_links(story.state, app_id).to_pydict()
        for name in set(links["table"]):
            keys = [
                k for k, table in zip(links["key"], links["table"], strict=True) if table == name
            ]
            assert len(keys) == truth.apps[app_id][name.split(".")[0]].rows
        assert {personal.table for personal in app.personal} <= set(links["table"])
        assert (app_id in told) == bool(app.personal or app.staff)
