"""Run the whole chain under Airflow once: every extract DAG, and the warehouse that follows."""

import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from demo.airflow_api import AirflowApi, Run
from demo.process import StepFailedError
from demo.progress import Steps
from kota.settings import Settings
from warehouse.state import unpublished_changes

POLL_SECONDS = 0.7
# From an asset event to the run it makes takes Airflow a second or two.
GRACE_SECONDS = 20
WATCHER = "watch"


class Chain:
    """One pass from the apps to the published snapshot."""

    def __init__(
        self,
        api: AirflowApi,
        settings: Settings,
        airflow_logs: Path,
        steps: Steps,
        check: Callable[[], None],
    ) -> None:
        self._api = api
        self._settings = settings
        self._logs = airflow_logs
        self._steps = steps
        self._check = check
        self._retries_told: set[tuple[str, str, int]] = set()

    def run(self, app_ids: Iterable[str], timeout: float = 900) -> bool:
        """Extract every app, wait for what follows; True if a new snapshot was published.

        Raises ``StepFailedError`` naming DAG, task, reason and log when a run fails, and when it
        all takes longer than ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        before = self._published()
        since = datetime.now(UTC)
        extracts = [self._api.trigger(f"extract_{app_id}") for app_id in app_ids]
        announced = self._wait_for_extracts(extracts, deadline)
        if not announced and unpublished_changes(self._settings):
            self._api.trigger("warehouse")  # no app has news, but the models have changed
        if announced or unpublished_changes(self._settings):
            with self._steps.step("warehouse: build, audit, publish"):
                self._wait_for_warehouse(since, deadline)
        else:
            self._steps.say("  Nothing changed in any app: the published snapshot stands.")
        return self._published() != before

    def _wait_for_extracts(self, runs: list[Run], deadline: float) -> list[str]:
        """Wait for all; return the DAGs that announced something new."""
        started = time.monotonic()
        announced = []
        failures = []
        waiting = list(runs)
        with self._steps.step("extract: read every app, land what changed"):
            while waiting:
                self._pause(deadline, waiting)
                for run in list(waiting):
                    now = self._api.run(run)
                    tasks = self._api.tasks(run)
                    self._tell_retries(run, tasks)
                    if now.is_active:
                        continue
                    waiting.remove(run)
                    outcome = "no change"
                    if now.state != "success":
                        outcome = now.state
                        failures.append(self._failure(now))
                    if tasks["announce"][0] == "success":
                        outcome = "news" if now.state == "success" else f"{now.state}, with news"
                        announced.append(run.dag_id)
                    seconds = time.monotonic() - started
                    self._steps.say(f"  {run.dag_id}: {outcome} ({seconds:.1f} s)")
            if failures:
                raise StepFailedError("\n".join(failures))
        return announced

    def _wait_for_warehouse(self, since: datetime, deadline: float) -> None:
        """Wait until nothing is left to publish and the last warehouse run is over."""
        idle_since: float | None = None
        while True:
            runs = self._api.runs("warehouse", since)
            active = [run for run in runs if run.is_active]
            if active:
                idle_since = None
            elif runs and runs[0].state == "failed":
                raise StepFailedError(self._failure(runs[0]))
            elif self._published() is not None and not unpublished_changes(self._settings):
                return
            else:
                idle_since = idle_since or time.monotonic()
                if time.monotonic() - idle_since > GRACE_SECONDS:
                    raise StepFailedError(
                        "warehouse: the apps have news, but Airflow started no run for it "
                        f"(log: {self._settings.logs_dir / 'demo' / 'airflow-scheduler.log'})"
                    )
            self._pause(deadline, active)
            for run in active:
                self._tell_retries(run, self._api.tasks(run))

    def _published(self) -> str | None:
        current = self._settings.published_dir / "current"
        return str(current.resolve()) if current.exists() else None

    def _pause(self, deadline: float, waiting: list[Run]) -> None:
        self._check()
        if time.monotonic() > deadline:
            names = ", ".join(run.dag_id for run in waiting) or "warehouse"
            raise StepFailedError(f"{names}: not finished in time (logs: {self._logs})")
        time.sleep(POLL_SECONDS)

    def _tell_retries(self, run: Run, tasks: dict[str, tuple[str | None, int]]) -> None:
        for task_id, (state, attempt) in tasks.items():
            if state == "up_for_retry" and (run.run_id, task_id, attempt) not in self._retries_told:
                self._retries_told.add((run.run_id, task_id, attempt))
                reason = last_error(self._log(run, task_id, attempt))
                self._steps.say(f"  {run.dag_id}, attempt {attempt}: {reason} Airflow tries again.")

    def _failure(self, run: Run) -> str:
        tasks = self._api.tasks(run)
        for task_id, (state, attempt) in tasks.items():
            if state == "failed" and task_id != WATCHER:
                log = self._log(run, task_id, attempt)
                return f"{run.dag_id}, step {task_id}: {last_error(log)} (log: {log})"
        return f"{run.dag_id}: run {run.run_id} is {run.state} (logs: {self._logs})"

    def _log(self, run: Run, task_id: str, attempt: int) -> Path:
        folder = self._logs / f"dag_id={run.dag_id}" / f"run_id={run.run_id}"
        return folder / f"task_id={task_id}" / f"attempt={attempt}.log"


def last_error(log: Path) -> str:
    """What the last exception in a task's log said; Airflow writes one JSON object a line."""
    reason = "it gave no reason."
    if log.exists():
        for line in log.read_text("utf-8", "replace").splitlines():
            try:
                details = json.loads(line).get("error_detail")
            except (json.JSONDecodeError, AttributeError):
                continue
            if details:
                reason = str(details[-1].get("exc_value") or reason)
    return reason
