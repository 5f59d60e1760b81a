"""The dashboards in a real browser."""

import os
from pathlib import Path

import pytest

from tests.reports.conftest import PASSWORDS, StandaloneCity
from tests.reports.dashboards import (
    DESKTOP,
    PHONE,
    WALL,
    check_dashboards,
    check_drawn,
    dashboards_of,
    signed_in,
)
from tests.reports.expectations import EXPECTED

pytestmark = pytest.mark.integration


SCREENS = {"desktop": DESKTOP, "wall": WALL, "phone": PHONE}
EVERY_SCREEN = pytest.mark.skipif(
    "EVERY_SCREEN" not in os.environ, reason="every role on every screen takes half an hour"
)


def test_every_chart_shows_what_the_warehouse_says(city: StandaloneCity, tmp_path: Path) -> None:
    folder = Path(os.environ.get("SCREENSHOTS_DIR", tmp_path))
    check_dashboards(city, folder, EXPECTED, other_screens=True)
    assert {path.stem for path in folder.glob("*.png")} >= {*EXPECTED, "ruang-kendali-wall"}


@EVERY_SCREEN
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("user", ["leader", "official", "auditor", "engineer"])
def test_every_role_on_every_screen(
    city: StandaloneCity, tmp_path: Path, user: str, screen: str
) -> None:
    folder = Path(os.environ.get("SCREENSHOTS_DIR", tmp_path)) / user / screen
    with signed_in(city.superset_url, user, PASSWORDS[user]) as page:
        slugs = dashboards_of(page, city.superset_url)
        assert "katalog-aplikasi" in slugs
        for slug in slugs:
            assert check_drawn(page, city, slug, SCREENS[screen], folder / f"{slug}.png"), slug


def test_the_browser_speaks_indonesian_and_asks_no_outside_host(city: StandaloneCity) -> None:
    with signed_in(city.superset_url, city.official_user, city.official_password) as page:
        answered: list[str] = []
        page.on("response", lambda response: answered.append(response.url))
        page.goto(f"{city.superset_url}/superset/dashboard/layanan-terpadu/")
        page.get_by_text("Data per").first.wait_for(timeout=60_000)
        outside = [
            url for url in answered if not url.startswith((city.superset_url, "data:", "blob:"))
        ]
        assert not outside


def test_the_public_page_draws_its_map_without_the_internet(
    city: StandaloneCity, tmp_path: Path
) -> None:
    with signed_in(city.superset_url, city.leader_user, city.leader_password) as page:
        asked: list[str] = []
        # What the content security policy stops, as Superset's own counting picture, has no answer.
        page.on("response", lambda response: asked.append(response.url))
        page.set_viewport_size({"width": 1600, "height": 2400})
        page.goto(f"{city.superset_url}/superset/dashboard/indikator-kota/")
        page.locator("[data-test-viz-type=deck_polygon] canvas").first.wait_for(timeout=60_000)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(3_000)
        folder = Path(os.environ.get("SCREENSHOTS_DIR", tmp_path))
        page.screenshot(path=folder / "indikator-kota.png")
        # The areas are filled, so the picture of the map is more than a white page packs to.
        drawn = page.locator("[data-test-viz-type=deck_polygon]").first.screenshot()
        assert len(drawn) > 8_000
        assert not [
            url for url in asked if not url.startswith((city.superset_url, "data:", "blob:"))
        ]
