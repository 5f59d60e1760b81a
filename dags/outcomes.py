"""What a run of the extract task tells Airflow: counts when it went well, sentences when not."""

from airflow.sdk.exceptions import AirflowException

from connectors.result import AppResult

Counts = dict[str, dict[str, int | str]]


def counts(result: AppResult) -> Counts:
    """Per table, what happened and how many rows: numbers only, small enough for an XCom.

    Raises ``AirflowException`` with one sentence per reason, each naming app and tables, so that
    Airflow retries.
    """
    if result.failed:
        raise AirflowException("; ".join(_reasons(result)))
    return {
        table.table: {
            "outcome": table.outcome,
            "read": table.rows_read,
            "landed": table.rows_landed,
            "deleted": table.rows_deleted,
            "quarantined": table.rows_quarantined,
        }
        for table in result.tables
    }


def _reasons(result: AppResult) -> list[str]:
    """An app that does not answer fails every table for one reason: that is one sentence."""
    tables: dict[str, list[str]] = {}
    for table in result.failed:
        tables.setdefault(table.message, []).append(table.table)
    return [
        message if len(names) == 1 else f"{message} ({', '.join(names)})"
        for message, names in tables.items()
    ]
