"""Checks of the dashboards in a real browser, against any running city that offers ``City``."""

import json
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlparse

import duckdb
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.reports.expectations import EXPECTED

CHROMIUM = (Path("/usr/bin/chromium"), Path("/usr/bin/chromium-browser"))
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Maps are drawn by WebGL, here without a graphics card.
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
# What is below the fold is not drawn: at a desk and on a phone the page is as long as it needs.
DESKTOP = (1920, 4_200)
WALL = (3840, 2160)
PHONE = (390, 12_000)
SIGN_IN_TRIES = 3
PATIENCE_MS = 90_000

TEMPORAL = 2  # the number of that kind of column in Superset's answers
# Worked out by Superset from the answer, for the shades of a heat map.
OF_SUPERSET = "rank"
# What axe finds in Superset's frame is Superset's; ours is what is inside the grid, except that
# its charts are pictures, and that its menus and tables nest and scroll as they do.
OURS = ".grid-container"
NOT_OURS = {"nested-interactive", "aria-required-children", "scrollable-region-focusable"}
GRAVE = {"serious", "critical"}
AS_OF_TITLE = "Data per"  # its number is an instant, drawn as a date

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Shown:
    """One chart: its data in long form, and for a tile the text that is drawn."""

    rows: list[Row]
    text: str | None
    sql: str
    """What the chart asked the warehouse."""
    sums: list[float]
    """How many numbers it got, and their sum."""

    @property
    def number(self) -> Any:
        """A tile's number; nothing for other charts."""
        return self.rows[0][0] if self.text is not None else None


class City(Protocol):
    """What a test of the dashboards needs to know of a running city."""

    @property
    def superset_url(self) -> str:
        """Where Superset answers, without a slash at the end."""

    @property
    def leader_user(self) -> str:
        """Who signs in, with the role Leadership: every row of the city is theirs to see."""

    @property
    def leader_password(self) -> str:
        """That account's password."""

    @property
    def published_db(self) -> Path:
        """The published DuckDB file that Superset reads."""


def check_dashboards(
    city: City, screenshots: Path, slugs: Iterable[str], *, other_screens: bool = False
) -> None:
    """As Leadership: these dashboards draw, and every chart's data equals the warehouse's.

    At a desk; with ``other_screens`` also Ruang Kendali on the wall and Pengaduan on a phone.
    Writes ``<slug>.png`` into ``screenshots``. An ``AssertionError`` names dashboard and chart.
    """
    with signed_in(city.superset_url, city.leader_user, city.leader_password) as page:
        for slug in slugs:
            queries = EXPECTED[slug]
            shown = check_drawn(page, city, slug, DESKTOP, screenshots / f"{slug}.png")
            assert shown.keys() >= queries.keys(), f"{slug}: charts are missing"
            for title, query in queries.items():
                expected = _comparable(_query(city.published_db, query))
                assert expected, f"{slug}: nothing to compare for {title}"
                assert _comparable(shown[title].rows) == expected, f"{slug}: {title} differs"
                if isinstance(number := shown[title].number, int) and title != AS_OF_TITLE:
                    assert shown[title].text == f"{number:,}".replace(",", "."), title
        if other_screens:
            check_drawn(page, city, "ruang-kendali", WALL, screenshots / "ruang-kendali-wall.png")
            check_drawn(page, city, "pengaduan", PHONE, screenshots / "pengaduan-phone.png")


def check_drawn(
    page: Page, city: City, slug: str, screen: tuple[int, int], picture: Path
) -> dict[str, Shown]:
    """One dashboard on one screen: all charts drawn and readable, no number but the file's."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    shown = open_dashboard(page, city.superset_url, slug, screen)
    _cut_to_content(page, screen)
    page.screenshot(path=picture)
    errors = page.locator('[role="alert"], .ant-alert-error').all_inner_texts()
    assert not errors, f"{slug}: {errors}"
    assert not (barriers := _barriers(page)), f"{slug}: {barriers}"
    for title, chart in shown.items():
        straight = _sums(_query(city.published_db, chart.sql))
        assert chart.sums == straight, f"{slug}: {title} is not what its own SQL gives"
    return shown


def dashboards_of(page: Page, url: str) -> list[str]:
    """The slugs of the dashboards that whoever is signed in is shown."""
    listed = page.request.get(f"{url}/api/v1/dashboard/?q=(page_size:100)")
    return [dashboard["slug"] for dashboard in listed.json()["result"]]


def open_dashboard(page: Page, url: str, slug: str, screen: tuple[int, int]) -> dict[str, Shown]:
    """Open a dashboard, wait until every chart has drawn; title → what it shows."""
    listed = page.request.get(f"{url}/api/v1/dashboard/{slug}/charts")
    assert listed.ok, f"{slug}: charts cannot be listed ({listed.status})"
    charts = {chart["id"]: chart for chart in listed.json()["result"]}
    answers: dict[int, Response] = {}

    def keep(response: Response) -> None:
        if "/api/v1/chart/data" in response.url:
            form_data = parse_qs(urlparse(response.url).query).get("form_data", ["{}"])[0]
            if (slice_id := json.loads(form_data).get("slice_id")) in charts:
                answers[slice_id] = response

    page.on("response", keep)
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    page.goto(f"{url}/superset/dashboard/{slug}/", wait_until="domcontentloaded")
    for chart_id, chart in charts.items():
        # What has no rows is drawn as an empty box, with other marks.
        there = page.locator(f'#chart-id-{chart_id}, [data-test-chart-id="{chart_id}"] .ant-empty')
        try:
            there.first.wait_for(timeout=PATIENCE_MS)
        except PlaywrightTimeoutError:
            raise AssertionError(f"{slug}: {chart['slice_name']} was not drawn") from None
    page.wait_for_function(
        "() => !document.querySelector('.loading, [data-test=loading-indicator]')",
        timeout=PATIENCE_MS,
    )
    page.wait_for_timeout(2_000)  # bars grow into place
    page.remove_listener("response", keep)

    shown = {}
    for chart_id, chart in charts.items():
        title = chart["slice_name"]
        assert chart_id in answers, f"{slug}: {title} asked for no data"
        answer = answers[chart_id]
        assert answer.ok, f"{slug}: {title} failed ({answer.status}): {answer.text()[:300]}"
        result = answer.json()["result"][0]
        rows = _long(chart["form_data"]["viz_type"], result)
        is_drawn = page.locator(f"#chart-id-{chart_id}").count() > 0
        assert is_drawn or not result["data"], f"{slug}: {title} has rows, but shows none"
        line = page.locator(f"#chart-id-{chart_id} .header-line")
        text = line.inner_text() if line.count() else None
        shown[title] = Shown(rows, text, result["query"], _sums(_numbers(result)))
    return shown


def _barriers(page: Page) -> dict[str, list[str]]:
    """What keeps somebody from reading what is ours on the page: rule → where."""
    found = Axe().run(page, context=OURS).response["violations"]
    return {
        violation["id"]: [node["html"][:160] for node in violation["nodes"]][:3]
        for violation in found
        if violation["impact"] in GRAVE and violation["id"] not in NOT_OURS
    }


def _cut_to_content(page: Page, screen: tuple[int, int]) -> None:
    """Shorten a long page to what is on it, for its picture; a wall stays a wall."""
    if screen != WALL:
        bottom = page.evaluate(
            "() => Math.max(...[...document.querySelectorAll('.grid-row')]"
            ".map(row => row.getBoundingClientRect().bottom))"
        )
        page.set_viewport_size({"width": screen[0], "height": int(bottom) + 24})
        page.wait_for_timeout(500)


@contextmanager
def signed_in(url: str, user: str, password: str) -> Iterator[Page]:
    """A browser page signed in to Superset."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(CHROMIUM_ARGUMENTS)
        )
        page = browser.new_context(locale="id-ID").new_page()
        try:
            # The form is drawn by scripts. On a busy machine they settle after the network has, and
            # then what was typed so fast is gone, and the form is sent empty.
            tries = (_sign_in(page, url, user, password) for _ in range(SIGN_IN_TRIES))
            assert any(tries), f"{user} can't sign in"
            yield page
        finally:
            browser.close()


def _sign_in(page: Page, url: str, user: str, password: str) -> bool:
    page.goto(f"{url}/login/", wait_until="networkidle")
    page.locator("input[type=password]").fill(password, timeout=PATIENCE_MS)
    page.locator("input:not([type=password]):not([type=hidden])").first.fill(user)
    page.locator("button[type=submit]").click()
    page.wait_for_url(lambda here: "login" not in here, timeout=PATIENCE_MS)
    return page.request.get(f"{url}/api/v1/me/").ok


def find_chromium() -> Path:
    """The machine's own Chromium. Raises ``RuntimeError`` saying what to install."""
    for path in CHROMIUM:
        if path.exists():
            return path
    raise RuntimeError("no Chromium found: install the package chromium (apt-get install chromium)")


def _long(viz_type: str, result: dict[str, Any]) -> list[Row]:
    names, rows = result["colnames"], result["data"]
    if not viz_type.startswith("echarts_"):
        return [tuple(row[name] for name in names) for row in rows]
    x_axis, *series = names
    return [
        (row[x_axis], name, row[name]) for row in rows for name in series if row[name] is not None
    ]


def _numbers(result: dict[str, Any]) -> list[Row]:
    """A chart's answer without its times, which it gets as numbers."""
    kept = [
        name
        for name, kind in zip(result["colnames"], result["coltypes"], strict=True)
        if kind != TEMPORAL and name != OF_SUPERSET
    ]
    return [tuple(row[name] for name in kept) for row in result["data"]]


def _sums(rows: list[Row]) -> list[float]:
    """How many numbers, and their sum as far as another order of adding up leaves it the same."""
    numbers = [
        float(value)
        for row in rows
        for value in row
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    ]
    return [len(numbers), float(f"{math.fsum(numbers):.9g}")]


def _query(database: Path, query: str) -> list[Row]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def _comparable(rows: list[Row]) -> list[str]:
    """Rows without order, numbers to six places: charts get them as JSON."""
    return sorted(
        json.dumps([value if isinstance(value, str) else round(float(value), 6) for value in row])
        for row in rows
    )
