"""What every DAG must carry before people can be asked to operate it."""

import re

from airflow.sdk import DAG


def shortcomings(dag: DAG) -> list[str]:
    """One line for each thing that is missing; empty for a DAG in order."""
    found = []
    if not (dag.description or "").strip():
        found.append("it has no description")
    if "fails" not in (dag.doc_md or ""):
        found.append("its doc_md does not say what to do when it fails")
    if not any(re.fullmatch(r"tier:[123]", tag) for tag in dag.tags):
        found.append("it has no tag tier:1, tier:2 or tier:3")
    for task in dag.tasks:
        if task.owner in ("", "airflow"):
            found.append(f"task {task.task_id} has no owner")
        if not task.retries and task.task_id != "watch":
            found.append(f"task {task.task_id} is not retried")
    return found
