"""## The record: verify → watch, alert

Looks every night whether everything on record is as it was recorded: the chain, every commit and
file of the lake, verdicts, snapshots, and what readers see. It only reads, so extractions and
builds may go on meanwhile. The log ends with the head of the chain, and the next night asks for it.

### When it fails
- **watch**: something was changed or removed; one sentence for each, and the data engineer was
  told. Do not delete anything. Find out who changed what; restore the file from a copy, or put on
  record that it is meant (`kota record accept … --reason …`). The next run ends the incident.
- **verify**: it could not look, most likely since a disk is away. It is tried again twice.
"""

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable, TriggerRule, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from kota.settings import get_settings

with DAG(
    dag_id="verify",
    schedule=CronTriggerTimetable("30 2 * * *", timezone=get_settings().city.timezone),
    catchup=False,
    max_active_runs=1,
    description="Prove that nothing on record was changed or removed",
    doc_md=__doc__,
    tags=["record", "tier:2"],
    default_args={
        "owner": "diskominfo",
        "retries": 2,
        "retry_exponential_backoff": 2,
        "max_retry_delay": timedelta(hours=1),
    },
) as dag:

    @task
    def verify() -> list[str]:
        """Look at everything and return a sentence for each thing that is not as recorded."""
        from record.last_look import keep_look, known_heads, sentence
        from record.verify import NoRecordError
        from record.verify import verify as look

        settings = get_settings()
        try:
            done = look(settings, heads=known_heads(settings))
        except NoRecordError as error:
            raise AirflowSkipException(str(error)) from error
        kept = keep_look(settings, done)
        print(sentence(kept, done.findings))
        return kept.alarms

    @task(retries=0)
    def watch(alarms: list[str]) -> None:
        """Make the run fail when something was changed."""
        if alarms:
            raise AirflowFailException("; ".join(alarms))

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def alert() -> None:
        """Tell who has to know, once an incident."""
        from alerts.tell import tell_quietly

        print(tell_quietly(get_settings(), is_night_over=False) or "alerts: nothing to tell")

    # Airflow puts a task's result where it is asked for; the type checker sees only the reference.
    found = verify()
    watch(found)  # type: ignore[arg-type]
    found >> alert()
