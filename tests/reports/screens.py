"""The screens that an official and an auditor use, brought up one after the other."""

from collections.abc import Iterator

from playwright.sync_api import Page

PATIENCE_MS = 60_000
MOMENT_MS = 500
SETTLED = "() => !document.querySelector('.loading, [data-test=loading-indicator]')"
MENU_OF_DASHBOARD = (
    "[data-test=header-actions-menu], .dashboard-header-container .ant-dropdown-trigger"
)
OPEN_SUBMENU = (
    ".ant-dropdown:visible .ant-menu-submenu-title, .ant-dropdown-menu-submenu-title:visible"
)


def at_the_door(page: Page, url: str) -> Iterator[str]:
    """Signing in, with nothing and with a wrong password; and a page that is not there."""
    page.goto(f"{url}/login/", wait_until="networkidle")
    yield "sign-in"
    page.locator("button[type=submit]").click()
    page.wait_for_timeout(MOMENT_MS)
    yield "sign-in without a name"
    page.locator("input[type=password]").fill("wrong")
    page.locator("input:not([type=password]):not([type=hidden])").first.fill("nobody")
    page.locator("button[type=submit]").click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(MOMENT_MS)
    yield "sign-in refused"
    page.goto(f"{url}/nothing/here/", wait_until="networkidle")
    yield "no such page"


def for_everyone(page: Page, url: str) -> Iterator[str]:
    """Navigation, the list of dashboards, one's profile."""
    _open(page, f"{url}/dashboard/list/")
    yield "dashboards as cards"
    page.locator('[aria-label="unordered-list"], [aria-label="list"]').first.click()
    page.wait_for_timeout(MOMENT_MS)
    yield "dashboards as a list"
    page.locator(".ant-menu-submenu").last.hover()
    page.wait_for_timeout(MOMENT_MS)
    yield "menu of settings"
    page.locator(
        "[data-test=search-filter-container] input, input[data-test=filters-search]"
    ).first.fill("zzzz")
    page.keyboard.press("Enter")
    page.wait_for_timeout(2 * MOMENT_MS)
    yield "no dashboard found"
    _open(page, f"{url}/user_info/")
    yield "profile"


def for_an_auditor(page: Page, url: str) -> Iterator[str]:
    """The lists of charts, of datasets, and of who did what."""
    for path in ("chart/list/", "tablemodelview/list/", "actionlog/list"):
        _open(page, f"{url}/{path}")
        yield path


def of_a_dashboard(page: Page, url: str, slug: str) -> Iterator[str]:
    """A dashboard, its filters, and everything a chart's menu leads to."""
    page.set_viewport_size({"width": 1600, "height": 2400})
    _open(page, f"{url}/superset/dashboard/{slug}/")
    yield "dashboard"
    yield from _filters(page)
    page.locator(MENU_OF_DASHBOARD).last.click()
    page.wait_for_timeout(MOMENT_MS)
    for item in page.locator(OPEN_SUBMENU).all():
        item.hover()
        page.wait_for_timeout(MOMENT_MS)
    yield "menu of the dashboard"
    page.keyboard.press("Escape")
    for kind in ("big_number_total", "echarts_timeseries_bar", "table"):
        yield from _chart(page, kind)


def _filters(page: Page) -> Iterator[str]:
    bar = page.locator("[data-test=filter-bar]")
    choice = bar.locator(".ant-select").first
    choice.click()
    page.wait_for_timeout(MOMENT_MS)
    yield "filter"
    page.keyboard.press("Escape")
    bar.get_by_text("Tanpa filter").click()
    page.wait_for_timeout(MOMENT_MS)
    yield "date filter"
    frame = page.locator(".ant-popover:visible .ant-select, .ant-modal:visible .ant-select").first
    for number in range(6):
        frame.click()
        page.wait_for_timeout(MOMENT_MS // 2)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_timeout(MOMENT_MS)
        yield f"date filter, frame {number}"
    page.keyboard.press("Escape")
    page.wait_for_timeout(MOMENT_MS)


def _chart(page: Page, kind: str) -> Iterator[str]:
    def open_menu() -> None:
        holder = page.locator(f"[data-test-viz-type={kind}]").first
        holder.locator("[id$='-controls']").click()
        page.wait_for_timeout(MOMENT_MS)

    open_menu()
    for item in page.locator(OPEN_SUBMENU).all():
        item.hover()
        page.wait_for_timeout(MOMENT_MS)
    yield f"menu of a {kind}"
    page.keyboard.press("Escape")
    for entry in ("Lihat sebagai tabel", "Lihat barisnya"):
        open_menu()
        page.get_by_text(entry, exact=True).last.click()
        page.wait_for_timeout(MOMENT_MS)
        page.wait_for_function(SETTLED, timeout=PATIENCE_MS)
        page.wait_for_timeout(2 * MOMENT_MS)
        yield f"{entry} of a {kind}"
        page.keyboard.press("Escape")
        page.wait_for_timeout(MOMENT_MS)


def _open(page: Page, address: str) -> None:
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_load_state("networkidle")
    page.wait_for_function(SETTLED, timeout=PATIENCE_MS)
    page.wait_for_timeout(2 * MOMENT_MS)
