"""A publish while officials are looking: nobody notices, and nobody is given the old number."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock

import pytest

from tests.reports.conftest import PASSWORDS, StandaloneCity
from tests.reports.visitor import Visitor, sql_metric
from tests.reports.warehouse import republish

pytestmark = pytest.mark.integration

PUBLISHES = 3
LOOKING_SECONDS = 3.0
WINDOWS_EACH = 2


class Published:
    """The number that is published: what a request that begins now must at least be told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = 0
        self._lock = Lock()

    def raise_it(self) -> None:
        """Publish the next number."""
        following = self.number + 1
        change = f"UPDATE marts.rpt_app_freshness SET row_count = {following}"
        republish(self.folder, f"swap-{following}", change)
        with self._lock:
            self.number = following

    def now(self) -> int:
        """The number of this moment."""
        with self._lock:
            return self.number


def test_a_publish_under_load_is_not_noticed(city: StandaloneCity) -> None:
    published = Published(city.settings.published_dir)
    published.raise_it()
    dataset = int(
        city.postgres.psql(
            "COPY (SELECT id FROM tables WHERE table_name = 'rpt_app_freshness') TO STDOUT;"
        )
    )
    over = Event()

    def look(name: str) -> list[tuple[int, int, int]]:
        """(published before asking, told, published after), again and again."""
        visitor = Visitor(city.superset_url).sign_in(name, PASSWORDS[name])
        seen = []
        while not over.is_set():
            before = published.now()
            answer = visitor.query(dataset, metrics=[sql_metric("MAX(row_count)")])
            assert answer.status_code == 200, answer.text[:300]
            seen.append((before, answer.json()["result"][0]["data"][0]["n"], published.now()))
        return seen

    names = ["leader", "official", "auditor", "engineer"] * WINDOWS_EACH
    with ThreadPoolExecutor(len(names)) as pool:
        looking = [pool.submit(look, name) for name in names]
        try:
            for _ in range(PUBLISHES):
                time.sleep(LOOKING_SECONDS)
                published.raise_it()
            time.sleep(LOOKING_SECONDS)
        finally:
            over.set()
        seen = [sight for future in looking for sight in future.result()]

    # The link is swapped a moment before the number is noted here.
    stale = [sight for sight in seen if not sight[0] <= sight[1] <= sight[2] + 1]
    assert not stale
    assert {told for _, told, _ in seen} == {1, 2, 3, 4}
    assert len(seen) > 100
