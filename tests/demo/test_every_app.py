"""Every app of the city, loaded, served and read by kota as registered: nothing is lost."""


from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.extract import extract_app
from connectors.registry import load_registry
from connectors.result import AppResult
from demo.apps import APPS
from demo.environment import environment
from demo.links import read_links
from demo.loading import advance_city, load_city
from demo.people import PEOPLE_FOLDER, read_people
from demo.spec import CitySpec
from demo.truth import Truth
from kota.settings import Settings, get_settings
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable
from tests.conftest import TOKEN_KEY
from tests.demo.conftest import OPENED, Servers

pytestmark = pytest.mark.integration

SPEC = CitySpec(citizens=1_000, seed=5, opened=OPENED)


@dataclass(frozen=True)
class Story:
    """The opening day and the morning a week later, each extracted."""

    settings: Settings
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
            yield Story(settings, state, truths, runs)


def test_every_app_of_the_city_is_registered() -> None:
    registered = load_registry(Settings())
    assert {app: entry.connection for app, entry in registered.items()} == {app: app for app in APPS}


@pytest.mark.parametrize("app_id", APPS)
def test_what_is_at_the_source_is_in_the_lake(story: Story, app_id: str) -> None:
    for truth, run in zip(story.truths, story.runs, strict=True):
        assert not run[app_id].failed, run[app_id].sentence()
        assert {result.table for result in run[app_id].tables} == truth.apps[app_id].keys()
    print(story.runs[-1][app_id])
