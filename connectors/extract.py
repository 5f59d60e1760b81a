"""Read an app and land what changed: `kota extract`."""

from datetime import UTC, datetime
from time import monotonic

import duckdb
import pyarrow as pa
from deltalake.exceptions import CommitFailedError

from connectors import journal
from connectors.connection import ConnectionMissingError
from connectors.reader import SourceError
from connectors.registry import App
from connectors.result import AppResult, TableResult
from connectors.table_run import MassDeletionError, TableRun
from connectors.technologies import open_reader
from kota.settings import Settings
from lake.drift import IncompatibleSchemaError
from lake.lock import BusyError, exclusive
from lake.table import BatchAlreadyLandedError
from lake.token import TokenKeyError

EXPECTED_ERRORS = (
    SourceError,
    ConnectionMissingError,
    BusyError,
    TokenKeyError,
    MassDeletionError,
    IncompatibleSchemaError,
    BatchAlreadyLandedError,
    CommitFailedError,
    duckdb.Error,
    pa.ArrowException,
    OSError,
)


def extract_app(app: App, settings: Settings, *, allow_mass_deletion: bool = False) -> AppResult:
    """Land what changed in every table of an app since the last run.

    All tables are read in one session. A table that fails leaves the others alone; its sentence
    is in the result. The run is recorded in the journal. Raises nothing that is expected.
    """
    started = datetime.now(UTC)
    settings.lake_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    tables: list[TableResult] = []
    try:
        with (
            exclusive(settings.lake_dir / app.app / ".lock", f"extracting {app.app}"),
            open_reader(app, settings) as reader,
        ):
            for name in app.tables:
                run = TableRun(app, name, reader, settings, allow_mass_deletion)
                tables.append(_land(run))
    except EXPECTED_ERRORS as error:
        done = {table.table for table in tables}
        tables += [
            _failure(app.app, name, error, app.app) for name in app.tables if name not in done
        ]
    result = AppResult(
        app=app.app, started_at=started, finished_at=datetime.now(UTC), tables=tables
    )
    journal.record(settings, result)
    return result


def _land(run: TableRun) -> TableResult:
    clock = monotonic()
    try:
        result = run.land()
    except EXPECTED_ERRORS as error:
        result = _failure(run.app.app, run.name, error, run.table.name)
    return result.model_copy(update={"seconds": round(monotonic() - clock, 3)})


def _failure(app: str, table: str, error: Exception, where: str) -> TableResult:
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    message = reason if reason.startswith((f"{app}:", f"{app}.{table}")) else f"{where}: {reason}"
    return TableResult(app=app, table=table, outcome="failed", message=message)
