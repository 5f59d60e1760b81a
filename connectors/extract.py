"""Read an app and land what changed: `kota extract`."""

from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic

import duckdb
import pyarrow as pa
from deltalake.exceptions import DeltaError

from connectors import journal
from connectors.bundle.inbox import receive_waiting
from connectors.connection import ConnectionMissingError
from connectors.on_record import begin_record, on_record
from connectors.one_pass import Session
from connectors.politeness import refuse_outside_hours
from connectors.reader import ReadAgainError, SourceError
from connectors.registry import App
from connectors.result import AppResult, TableResult
from connectors.table_run import MassDeletionError, TableRun, TooManyRejectedError
from connectors.technologies import open_reader
from kota.settings import Settings
from lake.drift import IncompatibleSchemaError
from lake.engine import connect
from lake.lock import BusyError, exclusive
from lake.rotate import TokenKeyMismatchError
from lake.table import BatchAlreadyLandedError
from lake.token import TokenKeyError

MOST_BEGINNINGS = 4
PATIENCE_SECONDS = 5.0
"""Maintenance holds the lock for less than that; another extraction for longer."""
EXPECTED_ERRORS = (
    SourceError,
    ConnectionMissingError,
    BusyError,
    TokenKeyError,
    TokenKeyMismatchError,
    DeltaError,
    MassDeletionError,
    TooManyRejectedError,
    IncompatibleSchemaError,
    BatchAlreadyLandedError,
    duckdb.Error,
    pa.ArrowException,
    OSError,
)


def extract_app(app: App, settings: Settings, *, allow_mass_deletion: bool = False) -> AppResult:
    """Land what changed in every table of an app since the last run.

    All tables are read in one session. A table that fails leaves the others alone; its sentence
    is in the result. The run is put on record and in the journal. Raises nothing that is expected.
    """
    if app.bundle is not None:
        return receive_waiting(app, settings, allow_mass_deletion=allow_mass_deletion)
    started = datetime.now(UTC)
    begin_record(settings)
    tables: list[TableResult] = []
    try:
        settings.lake_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        last = journal.last_run(settings, app.app)
        previous = {table.table: table for table in last.tables} if last else {}
        refuse_outside_hours(app, started)
        with (
            exclusive(
                settings.lake_dir / app.app / ".lock", f"extracting {app.app}", PATIENCE_SECONDS
            ),
            open_reader(app, settings) as reader,
            connect(settings, timezone=app.timezone) as con,
        ):
            session = Session(app, reader, settings, con, allow_mass_deletion)
            tables.extend(_land(session, name, previous.get(name)) for name in app.load_order())
    except EXPECTED_ERRORS as error:
        done = {table.table for table in tables}
        tables += [
            _failure(app.app, name, error, app.app) for name in app.tables if name not in done
        ]
    result = on_record(
        settings,
        AppResult(app=app.app, started_at=started, finished_at=datetime.now(UTC), tables=tables),
    )
    with suppress(OSError):  # a full disk; what landed is in the lake's own ledger
        journal.record(settings, result)
    return result


def _land(session: Session, name: str, previous: TableResult | None) -> TableResult:
    clock = monotonic()
    try:
        result = _read_until_known(session, name, previous)
    except EXPECTED_ERRORS as error:
        result = _failure(session.app.app, name, error, f"{session.app.app}.{name}")
        if previous is not None:
            kept = {"compared_at": previous.compared_at, "reread_at": previous.reread_at}
            result = result.model_copy(update=kept)
    return result.model_copy(update={"seconds": round(monotonic() - clock, 3)})


def _read_until_known(session: Session, name: str, previous: TableResult | None) -> TableResult:
    """Land a table; begin again where its reader finds out that it has to read it otherwise."""
    for _ in range(MOST_BEGINNINGS - 1):
        try:
            return TableRun(session, name, previous).land()
        except ReadAgainError:
            continue
    return TableRun(session, name, previous).land()


def _failure(app: str, table: str, error: Exception, where: str) -> TableResult:
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    message = reason if reason.startswith((f"{app}:", f"{app}.{table}")) else f"{where}: {reason}"
    return TableResult(app=app, table=table, outcome="failed", message=message)
