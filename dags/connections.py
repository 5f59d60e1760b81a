"""Hand an Airflow connection to the connectors, which know nothing of Airflow."""

import os

from airflow.sdk import Connection


def hand_over(connection_id: str) -> None:
    """Put the address of ``connection_id`` into this task's own environment.

    The connectors read ``KOTA_CONN_<ID>`` or ``AIRFLOW_CONN_<ID>``. When the environment has
    neither as an address, the connection lives in Airflow (its metadata, a secrets backend, or
    an ``AIRFLOW_CONN_<ID>`` written as JSON) and is looked up there by its id. The environment
    of a task ends with the task. Raises Airflow's not-found error if nobody knows the id.
    """
    name = connection_id.upper()
    if f"KOTA_CONN_{name}" in os.environ or "://" in os.environ.get(f"AIRFLOW_CONN_{name}", ""):
        return
    os.environ[f"KOTA_CONN_{name}"] = Connection.get(connection_id).get_uri()
