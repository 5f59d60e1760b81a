"""One DAG per legacy app, generated from the registry: read the app, land what changed.

    extract ──▶ announce        tells the owner, once an incident, what broke or is over;
        │          │            the asset event, only if there is something new to publish
        └──────────┴──▶ watch   fails the run if either failed

`announce` runs even after a failed extract, because other tables may have landed and must not wait
for the broken one. It would then be the only last task, and its success would make the run green.
The watcher is Airflow's own answer to that: a last task that runs only when something before it
failed, and fails. (A teardown does not do: Airflow either ignores the teardown's own failure, or
counts the teardown instead of the extract.)
"""

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable, TriggerRule, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from connectors.registry import App, load_registry
from dags.assets import lake_asset
from dags.runbook import runbook
from kota.settings import get_settings


def extract_dag(app: App) -> DAG:
    """The DAG of one app."""
    with DAG(
        dag_id=f"extract_{app.app}",
        # No start date: a new app first runs at its next hour, not at once for the one just gone.
        schedule=CronTriggerTimetable(app.schedule, timezone=app.timezone),
        catchup=False,
        max_active_runs=1,
        description=f"{app.name}: from the app into the lake",
        doc_md=runbook(app),
        tags=["extract", app.app, f"tier:{app.tier}"],
        default_args={
            "owner": app.owner,
            # The first wait is Airflow's own setting, [core] default_task_retry_delay.
            "retries": 3,
            "retry_exponential_backoff": 2,
            "max_retry_delay": timedelta(hours=1),
        },
    ) as dag:

        @task
        def extract() -> dict[str, dict[str, int | str]]:
            """Read every table of the app in one session and land what changed."""
            from connectors.extract import extract_app
            from dags.connections import hand_over
            from dags.outcomes import counts

            settings = get_settings()
            hand_over(app.connection)
            return counts(extract_app(app, settings))

        @task(outlets=[lake_asset(app.app)], trigger_rule=TriggerRule.ALL_DONE)
        def announce() -> None:
            """Tell its owner, and the warehouse if it has something new; else be skipped."""
            from alerts.tell import tell_quietly
            from warehouse.state import unpublished_changes

            print(tell_quietly(get_settings(), is_night_over=False) or "alerts: nothing to tell")
            if not unpublished_changes(get_settings(), app.app):
                raise AirflowSkipException(f"{app.app}: the published snapshot has all of it.")

        @task(trigger_rule=TriggerRule.ONE_FAILED, retries=0)
        def watch() -> None:
            """Make the run fail when something before failed."""
            raise AirflowFailException(f"{app.app}: see the log of the task that failed.")

        extracted, announced = extract(), announce()
        extracted >> announced
        [extracted, announced] >> watch()
    return dag


for _app in load_registry(get_settings()).values():
    globals()[f"extract_{_app.app}"] = extract_dag(_app)
