"""## The warehouse: build → audit → publish

Builds a candidate from the lake at pinned versions, audits it, and publishes it if it passed.
Runs when any app has landed something new, and once a day whatever happens.

A run stops early, skipped, when there is nothing to do: some table has never been loaded (on the
first day of an installation the first app to finish already starts a run; the last one starts the
run that counts), or an app started it and an earlier run has published everything.

### When it fails
- **build**: the log names the dbt model or test. The lake is untouched; correct the model and clear
  the task, or run `kota build`.
- **audit**: the log has one sentence per check that failed; the Data Docs show the rows. Officials
  keep reading the last published snapshot. Correct the data at its source, or the model, and let
  the next run try. A failed audit is not retried: the same file would fail again.
- **publish**: it refuses a candidate without a passing verdict. To go back to the snapshot before
  this one: `kota publish --rollback`.
"""

from datetime import timedelta

from airflow.sdk import (
    DAG,
    AssetAny,
    AssetOrTimeSchedule,
    CronTriggerTimetable,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from connectors.registry import load_registry
from dags.assets import PUBLISHED, lake_asset
from kota.settings import get_settings

with DAG(
    dag_id="warehouse",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("30 5 * * *", timezone=get_settings().city.timezone),
        # Any, not all: one silent app must not hold back the others.
        assets=AssetAny(*(lake_asset(app_id) for app_id in load_registry(get_settings()))),
    ),
    catchup=False,
    max_active_runs=1,
    description="Build a candidate from the lake, audit it, publish it",
    doc_md=__doc__,
    tags=["warehouse", "tier:1"],
    default_args={
        "owner": "diskominfo",
        "pool": "duckdb_writer",  # one slot: DuckDB has one writer
        "retries": 2,
        "retry_exponential_backoff": 2,
        "max_retry_delay": timedelta(hours=1),
    },
) as dag:

    @task
    def build() -> str:
        """Build a candidate and return its id."""
        from warehouse.build import build as build_candidate
        from warehouse.lake_views import NeverLoadedError
        from warehouse.state import unpublished_changes

        settings = get_settings()
        run_type = get_current_context()["dag_run"].run_type
        if run_type == "asset_triggered" and not unpublished_changes(settings):
            raise AirflowSkipException("The newest snapshot has everything already.")
        try:
            return build_candidate(settings).id
        except NeverLoadedError as error:
            raise AirflowSkipException(str(error)) from error

    @task
    def audit(candidate_id: str) -> str:
        """Audit the candidate; fail with one sentence per finding."""
        from dags.audit_command import run_audit

        verdict = run_audit(get_settings(), candidate_id)
        if verdict.blocks:
            raise AirflowFailException(verdict.sentence())
        return candidate_id

    @task(outlets=[PUBLISHED])
    def publish(candidate_id: str) -> str:
        """Let the officials read it."""
        from warehouse.publish import publish as publish_candidate

        return publish_candidate(get_settings(), candidate_id).id

    # Airflow puts a task's result where it is asked for; the type checker sees only the reference.
    publish(audit(build()))  # type: ignore[arg-type]
