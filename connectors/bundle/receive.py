"""Receive bundles in the city: `kota bundle receive`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from lzma import LZMAFile
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa
from deltalake.exceptions import DeltaError

from connectors import journal
from connectors.bundle.contents import Contents, SentTable, read_head, read_rows
from connectors.bundle.crypt import decrypting
from connectors.bundle.errors import BundleError
from connectors.bundle.events import take_over
from connectors.bundle.incoming import Incoming, incoming
from connectors.bundle.keys import identity, is_signed, public_keys
from connectors.bundle.land import City, TableLanding
from connectors.bundle.manifest import KIND
from connectors.bundle.part import Part, read_part
from connectors.bundle.place import GapError, Place, check_place, known_place
from connectors.bundle.received import record_gap, record_received
from connectors.on_record import begin_record, on_record
from connectors.reader import SourceError
from connectors.registry import App
from connectors.result import AppResult, TableResult
from connectors.table_run import MassDeletionError
from kota.settings import Settings
from lake.columns import OP
from lake.drift import IncompatibleSchemaError
from lake.engine import connect
from lake.lock import exclusive
from lake.quarantine import SCHEMA
from lake.rewrite import extraction_lock
from lake.rotate import TokenKeyMismatchError
from lake.table import BatchAlreadyLandedError, LakeTable
from lake.token import TokenKeyError

LANDING_ERRORS = (
    SourceError,
    TokenKeyError,
    TokenKeyMismatchError,
    MassDeletionError,
    IncompatibleSchemaError,
    BatchAlreadyLandedError,
    DeltaError,
    duckdb.Error,
)
"""What can stop one table and leave the others alone."""


@dataclass
class Received:
    """What became of one bundle, or of a file that is none we take."""

    name: str
    app: str = ""
    outcome: Literal["landed", "known", "waiting", "failed", "refused"] = "refused"
    message: str = ""
    missing: list[str] = field(default_factory=list)
    """The files that have to come yet."""
    result: AppResult | None = None


def receive(
    paths: Sequence[Path],
    settings: Settings,
    apps: Mapping[str, App],
    *,
    allow_mass_deletion: bool = False,
    remove_taken: bool = False,
) -> list[Received]:
    """Take the files in, and land every bundle that is whole, in the order they were made.

    Whatever is killed or fails on the way is done by receiving again, without files too: then
    every app is looked at. Raises ``BundleError`` without keys, and ``BusyError``.
    """
    public_keys(settings)  # without keys nothing can be received: said once, not for every file
    refused: list[Received] = []
    parts: dict[str, list[Part]] = {}
    for path in paths:
        try:
            part = read_part(path)
            parts.setdefault(_trusted(part, settings, apps).app, []).append(part)
        except BundleError as error:
            refused.append(Received(path.name, message=str(error)))
    done: list[Received] = []
    for name in list(parts) if paths else list(apps):
        with exclusive(
            settings.home / "bundles" / "incoming" / f"{name}.lock", f"receiving {name}"
        ):
            for part in parts.get(name, []):
                try:
                    Incoming.of(settings, part.sealed).take(part)
                    if remove_taken:
                        part.path.unlink()
                except BundleError as error:
                    refused.append(Received(part.path.name, name, message=str(error)))
            done += _land_whole_ones(apps[name], settings, allow_mass_deletion)
    return refused + done


def _trusted(part: Part, settings: Settings, apps: Mapping[str, App]) -> App:
    """The app of a file, when it is from who it says, and to us. Raises ``BundleError``."""
    manifest, name = part.manifest, part.path.name
    app = apps.get(manifest.app)
    if app is None or app.bundle is None or app.bundle.sender != manifest.sender:
        raise BundleError(
            f"{name}: no registry file here takes bundles of {manifest.app} from {manifest.sender}"
        )
    if not is_signed(app.bundle.sender_key, KIND, part.sealed.content, part.sealed.signature):
        raise BundleError(
            f"{name}: it was changed on its way, or is not from {manifest.sender}; nothing of it "
            "was taken"
        )
    if manifest.recipient != public_keys(settings).recipient:
        raise BundleError(f"{name}: it is addressed to another city's key")
    return app


def _land_whole_ones(app: App, settings: Settings, allow_mass_deletion: bool) -> list[Received]:
    done = []
    superseded = None
    for one in incoming(settings, app.app):
        missing = one.missing_parts()
        if missing:
            done.append(
                Received(
                    one.manifest.name,
                    app.app,
                    "waiting",
                    f"{len(missing)} of {one.manifest.parts} files are missing or not whole",
                    missing,
                )
            )
            continue
        received = _land(app, one, settings, allow_mass_deletion)
        done.append(received)
        if received.outcome in {"landed", "known"}:
            superseded = one.manifest.made_at
    for one in incoming(settings, app.app):
        if superseded is not None and one.missing() and one.manifest.made_at < superseded:
            one.remove()  # a newer bundle held all of it
            done = [received for received in done if received.name != one.manifest.name]
    return done


def _land(app: App, one: Incoming, settings: Settings, allow_mass_deletion: bool) -> Received:
    manifest = one.manifest
    received = Received(manifest.name, app.app)
    begin_record(settings)
    try:
        result = _land_contents(app, one, settings, allow_mass_deletion)
    except BundleError as error:
        if isinstance(error, GapError):
            record_gap(settings, manifest, datetime.now(UTC))
        one.remove()
        received.message = f"{manifest.name}: {error}"
        return received
    result = on_record(settings, result)
    journal.record(settings, result)
    received.result, received.message = result, result.sentence()
    if result.failed:
        received.outcome = "failed"
        return received
    record_received(settings, manifest, datetime.now(UTC))
    one.remove()
    received.outcome = "landed" if result.landed else "known"
    return received


def _land_contents(
    app: App, one: Incoming, settings: Settings, allow_mass_deletion: bool
) -> AppResult:
    started = datetime.now(UTC)
    settings.lake_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (
        extraction_lock(settings.lake_dir, app.app),
        decrypting(one.body, identity(settings)) as file,
        connect(settings, timezone=app.timezone) as con,
    ):
        contents = read_head(file)
        _refuse_gaps(app, contents, settings)
        if contents.quarantine_rows:
            events = read_rows(file, contents.quarantine_rows, SCHEMA.names)
            rows = [row for batch in events for row in batch.to_pylist()]
            take_over(app, rows, settings, _shifts(app, contents, settings))
        city = City(app, settings, con, allow_mass_deletion)
        tables = [_land_table(city, sent, file) for sent in contents.tables]
    named = {table.table for table in tables}
    tables += [
        TableResult(app=app.app, table=name, outcome="unchanged")
        for name in app.tables
        if name not in named
    ]
    return AppResult(app=app.app, started_at=started, finished_at=datetime.now(UTC), tables=tables)


def _land_table(city: City, sent: SentTable, file: LZMAFile) -> TableResult:
    rows = _streams(file, sent)
    try:
        if sent.name not in city.app.tables:
            raise SourceError(f"the village sends a table that {city.app.app}.yml does not have")
        result = TableLanding(city, sent).land(rows)
    except LANDING_ERRORS as error:
        where = f"{city.app.app}.{sent.name}"
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        message = reason if reason.startswith(where) else f"{where}: {reason}"
        result = TableResult(app=city.app.app, table=sent.name, outcome="failed", message=message)
    for _ in rows:
        pass  # what was not read of this table stands before the next one
    return result


def _streams(file: LZMAFile, sent: SentTable) -> Iterator[Iterator[pa.RecordBatch]]:
    """The rows of each batch; what the taker leaves of one is skipped."""
    names = [*(name for name, _ in sent.columns), OP]
    for batch in sent.batches:
        stream = read_rows(file, batch.rows, names) if batch.rows else iter(())
        yield stream
        for _ in stream:
            pass


def _refuse_gaps(app: App, contents: Contents, settings: Settings) -> None:
    """Before anything lands. Raises ``GapError`` or ``OutdatedError``."""
    after = {name: place.batch for name, place in contents.places.items() if name in app.tables} | {
        sent.name: sent.after for sent in contents.tables if sent.name in app.tables
    }
    for name, batch in after.items():
        known = known_place(settings, app.app, name)
        check_place(known, batch, contents.places[name], f"{app.app}.{name}", contents.after)


def _shifts(app: App, contents: Contents, settings: Settings) -> dict[str, int]:
    """By how much the number of a batch is greater here than in the village, by table."""
    shifts = {}
    for name, place in contents.places.items():
        last = (
            LakeTable(settings.lake_dir, app.app, name).last_batch() if name in app.tables else None
        )
        if last is None:
            continue
        known = Place.from_text(last.place)
        is_same = known is not None and known.origin == place.origin
        shifts[name] = last.number - (known.batch if known and is_same else place.batch - 1)
    return shifts
