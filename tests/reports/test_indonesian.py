"""The screens of officials and auditors in a real browser: no English on any, and English to have.

With SCREENSHOTS_DIR set, each screen is kept as a picture.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.reports.conftest import PASSWORDS, StandaloneCity
from tests.reports.dashboards import CHROMIUM_ARGUMENTS, find_chromium, signed_in
from tests.reports.screens import at_the_door, for_an_auditor, for_everyone, of_a_dashboard
from tests.reports.wording import in_english, said_by

pytestmark = pytest.mark.integration

# What people did is noted by the server in its own words.
NOTES = "td, .ant-table-tbody, .ant-table-body"


def _english_on(city: StandaloneCity, page: Page, screens: Iterator[str]) -> dict[str, set[str]]:
    superset = city.settings.superset_python.parent.parent
    [texts] = superset.glob("lib/python*/site-packages/superset/translations/messages.pot")
    folder = os.environ.get("SCREENSHOTS_DIR")
    found = {}
    for screen in screens:
        said = said_by(page, NOTES if screen.startswith("actionlog") else "")
        if english := in_english(said, texts):
            found[screen] = english
        if folder:
            page.screenshot(path=Path(folder) / f"{screen.strip('/').replace('/', '-')}.png")
    return found


def test_nobody_is_met_in_english(city: StandaloneCity) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(CHROMIUM_ARGUMENTS)
        )
        page = browser.new_context(locale="id-ID").new_page()
        assert _english_on(city, page, at_the_door(page, city.superset_url)) == {}
        browser.close()


def test_an_official_sees_no_english(city: StandaloneCity) -> None:
    with signed_in(city.superset_url, "official", PASSWORDS["official"]) as page:
        found = _english_on(city, page, for_everyone(page, city.superset_url))
        dashboard = of_a_dashboard(page, city.superset_url, "layanan-terpadu")
        found |= _english_on(city, page, dashboard)
    assert not found, found


def test_an_auditor_sees_no_english(city: StandaloneCity) -> None:
    with signed_in(city.superset_url, "auditor", PASSWORDS["auditor"]) as page:
        found = _english_on(city, page, for_an_auditor(page, city.superset_url))
    assert not found, found


def test_english_is_there_for_who_wants_it(city: StandaloneCity) -> None:
    with signed_in(city.superset_url, "official", PASSWORDS["official"]) as page:
        page.goto(f"{city.superset_url}/lang/en", wait_until="networkidle")
        page.goto(f"{city.superset_url}/dashboard/list/", wait_until="networkidle")
        page.get_by_text("Last modified").first.wait_for(timeout=60_000)
        assert "Next Page" in said_by(page)
        page.goto(f"{city.superset_url}/lang/id", wait_until="networkidle")
        page.goto(f"{city.superset_url}/dashboard/list/", wait_until="networkidle")
        page.get_by_text("Terakhir diubah").first.wait_for(timeout=60_000)
        assert "Halaman berikutnya" in said_by(page)
