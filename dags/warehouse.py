"""## The warehouse: build → audit → publish → watch, warm, alert

Builds a candidate from the lake at pinned versions, audits it, and publishes it if it passed.
Runs when any app has landed something new, and once a day whatever happens.

An app that makes the build or the audit fail is held at its last good state: a candidate without
its news is built and audited, and the city goes on. The next run tries its news again.

A run stops early, skipped, when there is nothing to do: nothing was ever published and an app
started it while another was not loaded yet (on the first day of an installation the first app to
finish already starts a run; the last one starts the run that counts, or else the daily one), or an
app started it and an earlier run has published everything.

### When it fails
- **watch**: everything is published but what it names: one sentence for each app that is held
  back, which `kota status` and the freshness report show as well. Correct the data at its source,
  or the model, and let the next run try.
- **build**: no app explains it alone. The log names the dbt model or test. The lake is untouched;
  correct the model and clear the task, or run `kota build`.
- **audit**: likewise. The log has one sentence per check that failed; the Data Docs show the rows.
  Officials keep reading the last published snapshot. Correct the data at its source, or the model,
  and let the next run try. A failed audit is not retried: the same file would fail again.
- **publish**: it refuses a candidate without a passing verdict. To go back to the snapshot before
  this one: `kota publish --rollback`.
- **warm**: it never fails the run. The first to open a dashboard waits a moment longer.
"""

from datetime import timedelta

from airflow.sdk import (
    DAG,
    AssetAny,
    AssetOrTimeSchedule,
    CronTriggerTimetable,
    TriggerRule,
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
        from warehouse.night import Night
        from warehouse.pins import NeverLoadedError
        from warehouse.state import never_loaded, unpublished_changes

        settings = get_settings()
        if get_current_context()["dag_run"].run_type == "asset_triggered":
            if not unpublished_changes(settings):
                raise AirflowSkipException("The newest snapshot has everything already.")
            if missing := never_loaded(settings):
                raise AirflowSkipException(f"never loaded: {', '.join(missing)}")
        try:
            return Night(settings).build().id
        except NeverLoadedError as error:
            raise AirflowSkipException(str(error)) from error

    @task
    def audit(candidate_id: str) -> str:
        """Audit it, or one without what failed; fail with one sentence per finding."""
        from dags.audit_command import run_audit
        from warehouse.candidate import find_candidate
        from warehouse.night import Night

        settings = get_settings()
        candidate, verdict = Night(settings).audit(
            find_candidate(settings, candidate_id), lambda number: run_audit(settings, number)
        )
        if verdict.blocks:
            raise AirflowFailException(verdict.sentence())
        return candidate.id

    @task(outlets=[PUBLISHED])
    def publish(candidate_id: str) -> str:
        """Let the officials read it."""
        from warehouse.publish import publish as publish_candidate

        return publish_candidate(get_settings(), candidate_id).id

    @task(retries=0)
    def watch(snapshot_id: str) -> None:
        """Make the run fail when an app is held back, all others being published."""
        from warehouse.snapshots import Snapshot

        held = Snapshot(get_settings().published_dir / snapshot_id).manifest.held
        if held:
            raise AirflowFailException(
                "; ".join(entry.sentence(app) for app, entry in held.items())
            )

    @task(pool="default_pool")
    def warm() -> None:
        """Open the dashboards before people do; numbers are right without it."""
        from delivery.warm import warm_quietly

        print(warm_quietly())

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def alert() -> None:
        """Tell who has to know, once an incident; not after `watch`, which must end the run."""
        from alerts.tell import tell_quietly

        print(tell_quietly(get_settings()) or "alerts: nothing to tell")

    # Airflow puts a task's result where it is asked for; the type checker sees only the reference.
    published = publish(audit(build()))  # type: ignore[arg-type]
    watch(published)  # type: ignore[arg-type]
    published >> [warm(), alert()]
