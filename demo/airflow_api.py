"""The few questions the demo asks of Airflow's REST API."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

ACTIVE = frozenset({"queued", "running"})
PARTS = ("scheduler", "dag_processor")


class AirflowError(Exception):
    """Airflow did not get ready, or cannot read the DAG files; the message says which."""


@dataclass(frozen=True)
class Run:
    """A run of a DAG."""

    dag_id: str
    run_id: str
    state: str
    queued_at: datetime | None

    @property
    def is_active(self) -> bool:
        """Whether it is still waiting or running."""
        return self.state in ACTIVE


class AirflowApi:
    """A signed-in client."""

    def __init__(self, url: str, password: str) -> None:
        self._password = password
        self._http = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def wait_until_healthy(self, check: Callable[[], None], timeout: float = 180) -> None:
        """Wait for the API, the scheduler and the DAG processor.

        ``check`` is called all along and raises when waiting has become pointless.
        Raises ``AirflowError`` after ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            check()
            try:
                health = self._http.get("/api/v2/monitor/health").raise_for_status().json()
                if all(
                    health[part]["status"] == "healthy" for part in ("scheduler", "dag_processor")
                ):
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.5)
        raise AirflowError(f"Airflow was not healthy after {timeout:.0f} s.")

    def sign_in(self) -> None:
        """Get a token for the requests that follow."""
        answer = self._http.post(
            "/auth/token", json={"username": "admin", "password": self._password}
        ).raise_for_status()
        self._http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def ensure_pool(self, name: str, slots: int, description: str) -> None:
        """Create the pool, unless it is there."""
        answer = self._http.post(
            "/api/v2/pools", json={"name": name, "slots": slots, "description": description}
        )
        if answer.status_code != httpx.codes.CONFLICT:
            answer.raise_for_status()

    def wait_for_dags(
        self, dag_ids: set[str], since: datetime, check: Callable[[], None], timeout: float = 120
    ) -> None:
        """Wait until every DAG was read from its file after ``since``.

        Raises ``AirflowError`` when a file cannot be read, or after ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        missing = dag_ids
        while time.monotonic() < deadline:
            check()
            known = self._get("/api/v2/dags", limit=100)["dags"]
            fresh = {
                dag["dag_id"]
                for dag in known
                if dag["last_parsed_time"]
                and datetime.fromisoformat(dag["last_parsed_time"]) >= since
            }
            missing = dag_ids - fresh
            if not missing:
                return
            for error in self._get("/api/v2/importErrors")["import_errors"]:
                if datetime.fromisoformat(error["timestamp"]) >= since:
                    reason = error["stack_trace"].strip().splitlines()[-1]
                    raise AirflowError(f"Airflow cannot read {error['filename']}: {reason}")
            time.sleep(0.5)
        raise AirflowError(f"Airflow does not know {', '.join(sorted(missing))}.")

    def trigger(self, dag_id: str) -> Run:
        """Start a run by hand."""
        answer = self._http.post(f"/api/v2/dags/{dag_id}/dagRuns", json={"logical_date": None})
        return _run(answer.raise_for_status().json())

    def run(self, run: Run) -> Run:
        """The run as it is now."""
        return _run(self._get(f"/api/v2/dags/{run.dag_id}/dagRuns/{run.run_id}"))

    def runs(self, dag_id: str, since: datetime) -> list[Run]:
        """The runs queued at or after ``since``, and older ones still active; newest first."""
        found = self._get(f"/api/v2/dags/{dag_id}/dagRuns", order_by="-run_after", limit=20)
        runs = [_run(item) for item in found["dag_runs"]]
        return [run for run in runs if run.is_active or (run.queued_at and run.queued_at >= since)]

    def tasks(self, run: Run) -> dict[str, tuple[str | None, int]]:
        """State and number of tries of each task of a run."""
        found = self._get(f"/api/v2/dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances")
        return {
            task["task_id"]: (task["state"], task["try_number"]) for task in found["task_instances"]
        }

    def _get(self, path: str, **params: str | int) -> Any:
        return self._http.get(path, params=params).raise_for_status().json()


def _run(item: dict[str, Any]) -> Run:
    queued = item["queued_at"]
    return Run(
        dag_id=item["dag_id"],
        run_id=item["dag_run_id"],
        state=item["state"],
        queued_at=datetime.fromisoformat(queued) if queued else None,
    )
