"""Measure every chart: `python -m benchmarks.charts [--rows 10000000]`.

Each chart's saved query is asked through Superset's API as a leader, without its cache and with
it, and the SQL that Superset made of it is run straight on the same file; then Ruang Kendali is
opened in a browser. Needs a published snapshot in KOTA_HOME; writes Markdown to standard output.
"""

import argparse
import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import httpx

from benchmarks.charts.grown import grown
from benchmarks.officials.served import Served, served
from delivery.browser import browser, window_of
from delivery.people import Person
from kota.settings import get_settings

TIMES = 5
WALL = "ruang-kendali"
SLOWEST_SHOWN = 8
LEADER = {"username": "leader", "role": "Leadership"}


@dataclass(frozen=True)
class Measured:
    """Milliseconds of one chart, each the median of some runs."""

    title: str
    uncached: float
    cached: float
    straight: float


def main() -> None:
    """Grow, serve, ask, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    given = parser.parse_args()
    settings = get_settings()
    published = settings.published_dir / "current"
    if not published.exists():
        raise SystemExit("nothing is published in KOTA_HOME: run `make demo` first")
    with tempfile.TemporaryDirectory(prefix="kota-benchmark-") as name:
        folder = Path(name)
        rows = grown(published, folder / "grown", given.rows)
        with served(folder / "grown", folder / "home", [LEADER]) as city:
            database = city.published_dir / "current" / "kota.duckdb"
            with duckdb.connect(
                str(database), read_only=True, config={"threads": settings.threads}
            ) as con:
                measured = _charts(city, con)
            wall = _wall(city)
    _tell(measured, wall, rows)


def _charts(city: Served, con: duckdb.DuckDBPyConnection) -> list[Measured]:
    with httpx.Client(base_url=city.url, timeout=120) as http:
        account = {"username": "leader", "password": city.passwords["leader"], "provider": "db"}
        token = http.post("/api/v1/security/login", json=account).raise_for_status().json()
        http.headers["Authorization"] = f"Bearer {token['access_token']}"
        return [_chart(http, con, chart) for chart in _listed(http)]


def _listed(http: httpx.Client) -> Iterator[dict[str, Any]]:
    """All charts; Superset lists a hundred at most at a time."""
    for page in itertools.count():
        query = f"(page:{page},page_size:100)"
        answer = http.get("/api/v1/chart/", params={"q": query}).raise_for_status()
        if not (found := answer.json()["result"]):
            return
        yield from found


def _chart(http: httpx.Client, con: duckdb.DuckDBPyConnection, chart: dict[str, Any]) -> Measured:
    path = f"/api/v1/chart/{chart['id']}/data/"

    def ask(force: str) -> Any:
        return http.get(path, params={"force": force}).raise_for_status().json()["result"]

    queries = [result["query"] for result in ask("true") if result["query"]]
    return Measured(
        chart["slice_name"],
        _median(lambda: ask("true")),
        _median(lambda: ask("false")),
        _median(lambda: [con.execute(query.rstrip("; \n")).fetchall() for query in queries]),
    )


def _wall(city: Served) -> float:
    person = Person(**LEADER, password=city.passwords["leader"])
    with browser() as running, window_of(running, city.url, person) as window:
        window.open(WALL)
        return _median(lambda: window.draw(WALL))


def _median(what: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        clock = time.perf_counter()
        what()
        taken.append((time.perf_counter() - clock) * 1000)
    return median(taken)


def _tell(measured: list[Measured], wall: float, rows: int) -> None:
    print(f"{len(measured)} charts, {rows:,} rows of facts, medians of {TIMES} in ms\n")
    print("| | median | p95 | slowest |\n|---|---:|---:|---:|")
    for title, of in (
        ("Superset, uncached", [one.uncached for one in measured]),
        ("Superset, cached", [one.cached for one in measured]),
        ("the same SQL on DuckDB", [one.straight for one in measured]),
        ("Superset's part, uncached", [one.uncached - one.straight for one in measured]),
    ):
        ordered = sorted(of)
        late = ordered[int(len(ordered) * 0.95)]
        print(f"| {title} | {median(ordered):,.0f} | {late:,.0f} | {ordered[-1]:,.0f} |")
    print("\n| slowest charts | uncached | cached | straight |\n|---|---:|---:|---:|")
    for one in sorted(measured, key=lambda one: -one.uncached)[:SLOWEST_SHOWN]:
        print(f"| {one.title} | {one.uncached:,.0f} | {one.cached:,.0f} | {one.straight:,.0f} |")
    print(f"\n{WALL} in the browser, warm: {wall:,.0f} ms")


if __name__ == "__main__":
    main()
