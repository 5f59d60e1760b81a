"""Put a run of an app on record: what came of each table, and the commits it made."""

from contextlib import suppress

from connectors.result import AppResult
from kota.settings import Settings
from lake.lock import BusyError
from record.chain import RecordError
from record.pins import pin_new, tables_there
from record.write import begin, writing

ERRORS = (OSError, BusyError, RecordError)


def begin_record(settings: Settings) -> None:
    """Before the first thing lands; where that can't be, the run's own entry will fail."""
    with suppress(*ERRORS):
        begin(settings)


def on_record(settings: Settings, result: AppResult) -> AppResult:
    """The run, which failed where it could not be put on record.

    What landed stays in the lake, and the entry of the next run pins it.
    """
    # No message: it may quote a value, and nothing can ever be taken out of the record.
    outcomes = {
        table.table: {
            "outcome": table.outcome,
            "rows_read": table.rows_read,
            "rows_landed": table.rows_landed,
            "rows_deleted": table.rows_deleted,
            "rows_quarantined": table.rows_quarantined,
            "source_rows": table.source_rows,
        }
        for table in result.tables
    }
    try:
        with writing(settings) as writer:
            payload = {
                "app": result.app,
                "started_at": result.started_at.isoformat(),
                "finished_at": result.finished_at.isoformat(),
                "outcomes": outcomes,
                "tables": pin_new(
                    settings, tables_there(settings, [result.app]), writer.newest_first()
                ),
            }
            writer.append("extract", payload)
    except ERRORS as error:
        message = f"{result.app}: what landed could not be put on record ({error}); run it again"
        failed = {"outcome": "failed", "message": message}
        tables = [table.model_copy(update=failed) for table in result.tables]
        return result.model_copy(update={"tables": tables})
    return result
