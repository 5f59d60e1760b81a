"""## The morning report

Sends every account with an e-mail address the dashboard that `city.yml` names for its role
(`morning_report`) as PDF, with the rows that they may read. It looks at what is published; it
changes nothing.

### When it fails
- **no Chromium on this machine**: install the package `chromium` where Airflow's tasks run.
- **somebody can't sign in**: their password in `KOTA_SUPERSET_USERS` is another than Superset's:
  `kota reports deploy` sets it.
- **the mail server refused an address**: correct it in `KOTA_SUPERSET_USERS`.

Whoever has today's report is not sent it again: the task can be cleared at any time. It is skipped
where no mail server is set (`KOTA_SMTP_HOST`).
"""

from airflow.sdk import DAG, CronTriggerTimetable, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from kota.settings import get_settings

with DAG(
    dag_id="morning_report",
    schedule=CronTriggerTimetable("30 6 * * 1-5", timezone=get_settings().city.timezone),
    catchup=False,
    max_active_runs=1,
    description="Send the morning report by e-mail",
    doc_md=__doc__,
    tags=["reports", "tier:2"],
    default_args={"owner": "diskominfo", "retries": 2},
) as dag:

    @task
    def send() -> None:
        """Print the dashboard as each of them, and send it."""
        from alerts.mail import SmtpSettings
        from delivery.morning import send_morning_reports
        from reports.client import ReportsError, superset_url

        if not SmtpSettings().host:
            raise AirflowSkipException("No mail server is set: KOTA_SMTP_HOST.")
        try:
            delivered = send_morning_reports(get_settings(), superset_url())
        except ReportsError as error:
            raise AirflowFailException(str(error)) from error
        if delivered.problems:
            raise AirflowFailException("; ".join(delivered.problems))

    send()
