"""Both dashboards in a real browser."""

import os
from pathlib import Path

import pytest

from tests.reports.conftest import StandaloneCity
from tests.reports.dashboards import check_dashboards, signed_in

pytestmark = pytest.mark.integration


def test_every_chart_shows_what_the_warehouse_says(city: StandaloneCity, tmp_path: Path) -> None:
    folder = Path(os.environ.get("SCREENSHOTS_DIR", tmp_path))
    check_dashboards(city, folder)
    assert {path.name for path in folder.glob("*.png")} >= {
        "ruang-kendali.png",
        "layanan-terpadu.png",
    }


def test_the_browser_speaks_indonesian_and_asks_no_outside_host(city: StandaloneCity) -> None:
    with signed_in(city.superset_url, city.official_user, city.official_password) as page:
        answered: list[str] = []
        page.on("response", lambda response: answered.append(response.url))
        page.goto(f"{city.superset_url}/superset/dashboard/layanan-terpadu/")
        page.get_by_text("Filter dan kontrol").wait_for(timeout=60_000)
        outside = [
            url for url in answered if not url.startswith((city.superset_url, "data:", "blob:"))
        ]
        assert not outside
