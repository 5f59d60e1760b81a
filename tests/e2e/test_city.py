"""The whole city under a real Airflow, looked at through a real browser."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from demo.ports import Ports
from demo.progress import Steps
from demo.running_city import RunningCity, running_city
from kota.settings import PROJECT_ROOT, Settings, get_settings
from tests.reports.dashboards import check_dashboards
from tests.reports.expectations import EXPECTED

pytestmark = pytest.mark.e2e

CITIZENS = 2000
SCREENSHOTS = Path(os.environ.get("SCREENSHOTS_DIR", PROJECT_ROOT / "var" / "screenshots"))
# Every dashboard is drawn on a small warehouse by tests/reports; on the whole city, those that draw
# on most apps, and by night all.
EVERY_SCREEN = "EVERY_SCREEN" in os.environ
ON_THE_WHOLE_CITY = (
    EXPECTED if EVERY_SCREEN else ("ruang-kendali", "layanan-terpadu", "pajak-dan-anggaran")
)
A_DAY_LATER = EXPECTED if EVERY_SCREEN else ("ruang-kendali",)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCity]:
    """A city on free ports, with one pass of the chain behind it."""
    home = tmp_path_factory.mktemp("city")
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith(("KOTA_", "AIRFLOW_CONN_")):
                patch.delenv(name)
        patch.setenv("KOTA_HOME", str(home))
        get_settings.cache_clear()
        steps = Steps(Console())
        with running_city(Settings(), Ports.free(), steps, citizens=CITIZENS) as running:
            yield running
    get_settings.cache_clear()


@dataclass(frozen=True)
class Looked:
    """The city as the browser's checks want it."""

    superset_url: str
    leader_user: str
    leader_password: str
    published_db: Path


def _look(city: RunningCity) -> Looked:
    return Looked(city.superset.url, "leader", city.superset.accounts()["leader"], city.published)


def test_the_dashboards_show_what_the_warehouse_says(city: RunningCity) -> None:
    check_dashboards(_look(city), SCREENSHOTS, ON_THE_WHOLE_CITY, other_screens=EVERY_SCREEN)


def test_the_warehouse_ran_because_apps_were_extracted(city: RunningCity) -> None:
    # Within some hours after its time of the day, the run of that time comes too.
    runs = [run for run in _runs(city, "warehouse") if run["run_type"] != "scheduled"]

    assert {run["run_type"] for run in runs} == {"asset_triggered"}
    assert runs[-1]["state"] == "success"


def test_a_pass_without_a_change_builds_nothing(city: RunningCity) -> None:
    before = city.published.resolve()
    runs = len(_runs(city, "warehouse"))

    assert city.pass_through() is False
    assert city.published.resolve() == before
    assert len(_runs(city, "warehouse")) == runs


def test_a_day_later_officials_see_the_new_day(city: RunningCity) -> None:
    before = city.published.resolve()
    city.advance()

    assert city.pass_through() is True
    assert city.published.resolve() != before
    check_dashboards(_look(city), SCREENSHOTS / "a-day-later", A_DAY_LATER)


def test_data_docs_are_served_and_ask_no_outside_host(city: RunningCity) -> None:
    auditor = ("auditor", city.superset.accounts()["auditor"])
    answer = httpx.get(city.docs_url, follow_redirects=True, auth=auditor)

    assert httpx.get(city.docs_url).status_code == httpx.codes.UNAUTHORIZED
    assert answer.status_code == httpx.codes.OK
    assert "default-src" in answer.headers["Content-Security-Policy"]
    assert "https://" not in answer.text


def _runs(city: RunningCity, dag: str) -> list[dict[str, str]]:
    """The DAG's runs, oldest first."""
    token = httpx.post(
        f"{city.airflow.url}/auth/token",
        json={"username": "admin", "password": city.credentials.airflow_admin},
    ).json()["access_token"]
    answer = httpx.get(
        f"{city.airflow.url}/api/v2/dags/{dag}/dagRuns",
        params={"order_by": "run_after"},
        headers={"Authorization": f"Bearer {token}"},
    )
    runs: list[dict[str, str]] = answer.json()["dag_runs"]
    return runs
