"""Data Docs and Mutu Data in a real browser: styled, behind a sign-in, and no request outside."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Request, sync_playwright

from demo.docs_server import serve_docs
from expectations.audit import audit
from kota.settings import Settings
from tests.conftest import TOKEN_KEY
from tests.reports.dashboards import CHROMIUM_ARGUMENTS, find_chromium

pytestmark = pytest.mark.integration

ACCOUNT = {"username": "auditor", "password": "rahasia-uji"}


@pytest.fixture(scope="module")
def address(clean_candidate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages of one audit, served."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    shutil.copytree(clean_candidate, settings.candidates_dir / clean_candidate.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KOTA_TOKEN_KEY", TOKEN_KEY)
        audit(settings, clean_candidate.name)
    accounts = {ACCOUNT["username"]: ACCOUNT["password"]}
    with serve_docs(settings.audit_dir / "data_docs", 0, accounts) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(CHROMIUM_ARGUMENTS)
        )
        yield chromium
        chromium.close()


def test_who_did_not_sign_in_sees_nothing(address: str) -> None:
    wrong = [("auditor", "salah"), ("", ""), ("official", ACCOUNT["password"])]
    answers = [httpx.get(f"{address}/mutu_data.html")]
    answers += [httpx.get(f"{address}/mutu_data.html", auth=account) for account in wrong]

    assert {(a.status_code, a.content) for a in answers} == {(401, b"")}
    assert answers[0].headers["WWW-Authenticate"].startswith("Basic ")
    assert httpx.get(f"{address}/", auth=("auditor", ACCOUNT["password"])).status_code == 200


def test_no_page_asks_anything_of_another_host(address: str, browser: Browser) -> None:
    asked: list[str] = []

    def seen(request: Request) -> None:
        asked.append(request.url)

    page = browser.new_page(http_credentials=ACCOUNT)
    page.on("request", seen)
    page.goto(f"{address}/mutu_data.html")
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    assert page.evaluate("getComputedStyle(document.querySelector('header')).color") == (
        "rgb(255, 255, 255)"
    )
    for link in dict.fromkeys([link.split("#")[0] for link in links]):
        answer = page.goto(link)
        assert answer is not None
        assert answer.ok, link
        page.wait_for_load_state("networkidle")

    hosts = {urlsplit(url).netloc for url in asked if not url.startswith("data:")}
    assert hosts == {urlsplit(address).netloc}


def test_the_page_fits_a_phone(address: str, browser: Browser) -> None:
    page = browser.new_page(http_credentials=ACCOUNT, viewport={"width": 360, "height": 780})
    page.goto(f"{address}/mutu_data.html")

    assert page.evaluate("document.documentElement.scrollWidth") == 360
