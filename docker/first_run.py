"""Start every extract DAG once, now, instead of at its next hour: the demo need not wait for it.

The warehouse DAG follows by itself when the apps have landed. Safe to repeat: what is in the lake
already does not land again.
"""

import os
from datetime import UTC, datetime

from connectors.registry import load_registry
from demo.airflow_api import AirflowApi
from kota.settings import get_settings


def main() -> None:
    """Wait until Airflow knows the DAGs, and trigger them. Raises ``AirflowError``."""
    dag_ids = [f"extract_{app_id}" for app_id in load_registry(get_settings())]
    api = AirflowApi(os.environ["AIRFLOW_API_URL"], os.environ["AIRFLOW_ADMIN_PASSWORD"])

    def keep_waiting() -> None:
        """Compose has seen to it that every server is up."""

    api.wait_until_healthy(keep_waiting)
    api.sign_in()
    api.wait_for_dags({"warehouse", *dag_ids}, datetime(1970, 1, 1, tzinfo=UTC), keep_waiting)
    for dag_id in dag_ids:
        print(f"{dag_id}: {api.trigger(dag_id).state}")
    api.close()


if __name__ == "__main__":
    main()
