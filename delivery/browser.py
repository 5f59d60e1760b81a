"""Superset seen as a person sees it: signed in as that person, by a browser without a window.

What is printed therefore holds the rows that this person may read, and no others.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from delivery.people import Person
from reports.client import ReportsError

PROGRAMS = (Path("/usr/bin/chromium"), Path("/usr/bin/chromium-browser"))
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Maps are drawn by WebGL, on servers without a graphics card.
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
PATIENCE_MS = 90_000
GROW_MS = 2_000  # bars grow into place
SIGN_IN_TRIES = 3
WIDTH = 1400
# Charts below the screen are not drawn: it is as high as the longest dashboard may be.
HEIGHT = 4000
# A chart without rows is an empty box, one that failed says so; neither is waited for.
CHARTS = "[id^='chart-id-'], [data-test-chart-id] :is(.ant-empty, [role='alert'])"
DRAWN = f'charts => document.querySelectorAll("{CHARTS}").length >= charts'
SETTLED = "() => !document.querySelector('.loading, [data-test=loading-indicator]')"
CONTENT = "[data-test=dashboard-content-wrapper], .dashboard-content"


class Window:
    """One person's browser window."""

    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        self._url = url

    def dashboards(self) -> list[str]:
        """The slugs of the dashboards that this person is shown."""
        listed = self._page.request.get(f"{self._url}/api/v1/dashboard/?q=(page_size:100)")
        return [str(found["slug"]) for found in listed.json()["result"] if found["slug"]]

    def open(self, slug: str) -> None:
        """Bring up a dashboard and wait until every chart has drawn and come to rest."""
        self.draw(slug)
        self._page.wait_for_load_state("networkidle")
        self._page.wait_for_function(SETTLED, timeout=PATIENCE_MS)
        self._page.wait_for_timeout(GROW_MS)

    def draw(self, slug: str) -> None:
        """Bring up a dashboard and wait until every chart of it is there."""
        charts = self._page.request.get(f"{self._url}/api/v1/dashboard/{slug}/charts").json()
        self._page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        self._page.goto(
            f"{self._url}/superset/dashboard/{slug}/?standalone=1", wait_until="domcontentloaded"
        )
        self._page.wait_for_function(DRAWN, arg=len(charts["result"]), timeout=PATIENCE_MS)

    def pdf(self, slug: str) -> bytes:
        """The dashboard as one long page."""
        self.open(slug)
        self._page.emulate_media(media="screen")
        boxes = [box.bounding_box() for box in self._page.locator("[id^='chart-id-']").all()]
        bottom = max((box["y"] + box["height"] for box in boxes if box), default=HEIGHT)
        return self._page.pdf(
            width=f"{WIDTH}px", height=f"{int(bottom) + 60}px", print_background=True
        )


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser without a window. Raises ``ReportsError`` where the machine has none."""
    program = next((path for path in PROGRAMS if path.exists()), None)
    if program is None:
        raise ReportsError("no Chromium on this machine: install the package chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield running
        finally:
            running.close()


@contextmanager
def window_of(running: Browser, url: str, person: Person) -> Iterator[Window]:
    """A window signed in as this person. Raises ``ReportsError`` when that does not succeed."""
    _knock(url, person)
    context = running.new_context(locale="id-ID")
    page = context.new_page()
    try:
        if not any(_sign_in(page, url, person) for _ in range(SIGN_IN_TRIES)):
            raise ReportsError(f"{person.username} can't sign in to Superset at {url}")
        yield Window(page, url)
    except BrowserError as error:
        raise ReportsError(f"Superset at {url}: {error.message.splitlines()[0]}") from error
    finally:
        context.close()


def _knock(url: str, person: Person) -> None:
    """Tell in a moment what a browser would wait for in vain: nobody there, or another password."""
    account = {"username": person.username, "password": person.password, "provider": "db"}
    try:
        answer = httpx.post(f"{url}/api/v1/security/login", json=account, timeout=30)
    except httpx.HTTPError as error:
        raise ReportsError(f"Superset does not answer at {url} ({type(error).__name__})") from error
    if answer.status_code != httpx.codes.OK:
        raise ReportsError(f"{person.username} can't sign in to Superset at {url}")


def _sign_in(page: Page, url: str, person: Person) -> bool:
    # The form is drawn by scripts; on a busy machine what is typed too early is gone.
    page.goto(f"{url}/login/", wait_until="networkidle", timeout=PATIENCE_MS)
    page.locator("input[type=password]").fill(person.password, timeout=PATIENCE_MS)
    page.locator("input:not([type=password]):not([type=hidden])").first.fill(person.username)
    page.locator("button[type=submit]").click()
    page.wait_for_url(lambda here: "login" not in here, timeout=PATIENCE_MS)
    return page.request.get(f"{url}/api/v1/me/").ok
