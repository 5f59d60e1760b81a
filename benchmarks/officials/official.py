"""One official who clicks: a dashboard is opened, read, and the next one is opened."""

import asyncio
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

TOGETHER = 6
"""As many requests as a browser has under way to one server."""
READING_SECONDS = (3.0, 10.0)
TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class Answer:
    """What one request got, and how long it took."""

    kind: str
    seconds: float
    error: str | None = None
    is_stale: bool = False


class Official:
    """A session of Superset, as a browser has one."""

    def __init__(self, url: str, username: str, answers: list[Answer]) -> None:
        self.http = httpx.AsyncClient(
            base_url=url, timeout=TIMEOUT_SECONDS, limits=httpx.Limits(max_connections=TOGETHER)
        )
        self.username = username
        self.answers = answers
        self.dashboards: dict[str, list[int]] = {}
        self.freshness = 0

    async def sign_in(self, password: str) -> None:
        """Sign in by the form, and learn which dashboards there are. Raises ``RuntimeError``."""
        page = (await self.http.get("/login/")).text
        token = re.search(r'id="csrf_token"\s+value="([^"]+)"', page)
        form = {"username": self.username, "password": password}
        await self.http.post("/login/", data=form | {"csrf_token": token[1] if token else ""})
        if (await self.http.get("/api/v1/me/")).status_code != httpx.codes.OK:
            raise RuntimeError(f"{self.username} can't sign in")
        listed = await self._result("/api/v1/dashboard/?q=(page_size:100)")
        for slug in [found["slug"] for found in listed if found["slug"]]:
            charts = await self._result(f"/api/v1/dashboard/{slug}/charts")
            self.dashboards[slug] = [chart["id"] for chart in charts]
        [self.freshness] = {
            dataset["id"]
            for slug in self.dashboards
            for dataset in await self._result(f"/api/v1/dashboard/{slug}/datasets")
            if dataset["table_name"] == "rpt_app_freshness"
        }

    async def click_until(self, end: float, published: Callable[[], int], seed: int) -> None:
        """Open one dashboard after the other; ``published`` tells the newest snapshot's number."""
        dice = random.Random(seed)  # noqa: S311 - a choice of dashboards is no secret
        await asyncio.sleep(dice.uniform(0, READING_SECONDS[1]))
        while time.monotonic() < end:
            slug = dice.choice(list(self.dashboards))
            await self._ask("page", "GET", f"/superset/dashboard/{slug}/")
            await asyncio.gather(
                *(
                    self._ask("chart", "GET", f"/api/v1/chart/{chart}/data/")
                    for chart in self.dashboards[slug]
                ),
                self._look_whether_stale(published),
            )
            await asyncio.sleep(dice.uniform(*READING_SECONDS))

    async def close(self) -> None:
        """End the session's connections."""
        await self.http.aclose()

    async def _look_whether_stale(self, published: Callable[[], int]) -> None:
        """Every snapshot has its number in a column; an older one than was published is stale."""
        metric = {"expressionType": "SQL", "sqlExpression": "MAX(row_count)", "label": "n"}
        body = {
            "datasource": {"id": self.freshness, "type": "table"},
            "queries": [{"columns": [], "metrics": [metric], "row_limit": 1}],
        }
        before = published()
        answer = await self._ask("number", "POST", "/api/v1/chart/data", body)
        if answer is not None and answer.json()["result"][0]["data"][0]["n"] < before:
            self.answers.append(Answer("number", 0, is_stale=True))

    async def _ask(self, kind: str, method: str, path: str, body: Any = None) -> Any:
        clock = time.monotonic()
        try:
            answer = await self.http.request(method, path, json=body)
        except httpx.HTTPError as error:
            seconds = time.monotonic() - clock
            self.answers.append(Answer(kind, seconds, f"{path}: {type(error).__name__}"))
            return None
        seconds = time.monotonic() - clock
        if answer.status_code != httpx.codes.OK:
            said = f"{path}: {answer.status_code} {answer.text[:200]}"
            self.answers.append(Answer(kind, seconds, said))
            return None
        if kind == "chart":
            is_cached = all(result["is_cached"] for result in answer.json()["result"])
            kind = "chart, cached" if is_cached else "chart, computed"
        self.answers.append(Answer(kind, seconds))
        return answer

    async def _result(self, path: str) -> Any:
        answer = await self.http.get(path)
        answer.raise_for_status()
        return answer.json()["result"]
