"""Make a bundle on the village's laptop: `kota bundle make`."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from connectors.bundle.contents import Contents, SentTable, write_head, write_rows
from connectors.bundle.crypt import encrypting
from connectors.bundle.errors import BundleError
from connectors.bundle.events import Events, as_stream, events_to_send
from connectors.bundle.export import rows_of, table_to_send
from connectors.bundle.keys import public_keys, sign
from connectors.bundle.manifest import CHUNK, KIND, MAX_SIZE, Manifest
from connectors.bundle.part import Sealed, write_parts
from connectors.bundle.place import Place, end_of
from connectors.bundle.sent import Sent, SentBundles
from connectors.bundle.spec import Bundle
from connectors.extract import extract_app
from connectors.registry import App
from connectors.result import AppResult
from kota.settings import Settings
from lake.engine import connect
from lake.lock import exclusive
from lake.quarantine import SCHEMA, Quarantine
from lake.rewrite import extraction_lock
from lake.table import LakeTable


@dataclass(frozen=True)
class Made:
    """What `make` did."""

    result: AppResult
    """What was read from the app."""
    sent: Sent | None
    """The bundle to take to the city; None when there is nothing new for it."""
    files: list[Path]
    is_new: bool
    """False when an earlier bundle in the same folder holds everything already."""


def make(
    app: App,
    settings: Settings,
    out: Path,
    *,
    split: int | None = None,
    everything: bool = False,
    allow_mass_deletion: bool = False,
) -> Made:
    """Read the app, and pack what the city has not acknowledged. Raises ``BundleError``.

    A bundle holds all that came after the last receipt, so a lost one is made good by the next.
    """
    spec = _spec(app)
    if public_keys(settings).signing != spec.sender_key:
        raise BundleError(
            f"{app.app}.yml has another sender_key than this laptop's: `kota bundle keys` shows it"
        )
    with exclusive(settings.home / "bundles" / "sent" / app.app / ".lock", f"bundling {app.app}"):
        result = extract_app(readable_app(app), settings, allow_mass_deletion=allow_mass_deletion)
        with extraction_lock(settings.lake_dir, app.app):
            return _pack(app, spec, settings, out, result, split, everything)


def readable_app(app: App) -> App:
    """The app as the laptop lands it: token columns as they are.

    Only the city has the token key. The laptop has the originals anyway, in the app itself.
    """
    tables = {}
    for name, table in app.tables.items():
        columns = {
            column: said.model_copy(update={"policy": "keep", "type": "VARCHAR"})
            if said.policy == "token"
            else said
            for column, said in table.columns.items()
        }
        tables[name] = table.model_copy(update={"columns": columns})
    return app.model_copy(update={"tables": tables, "bundle": None})


def _spec(app: App) -> Bundle:
    if app.bundle is None:
        raise BundleError(f"{app.app}.yml has no bundle: section; see docs/bundles.md")
    return app.bundle


def _pack(
    app: App,
    spec: Bundle,
    settings: Settings,
    out: Path,
    result: AppResult,
    split: int | None,
    everything: bool,
) -> Made:
    record = SentBundles(settings, app.app)
    known = _known(record, everything)
    lake = {name: LakeTable(settings.lake_dir, app.app, name) for name in app.load_order()}
    with connect(settings) as con:
        con.execute("set preserve_insertion_order = true")  # neighbours in order compress well
        tables = [
            found
            for name, table in lake.items()
            if (found := table_to_send(con, table, app.tables[name], known.places.get(name)))
        ]
        quarantine = Quarantine(settings.lake_dir, app.app)
        events = events_to_send(con, quarantine, known.quarantine)
        if not tables and not events.rows:
            return Made(result, None, [], False)
        places = {name: end for name, table in lake.items() if (end := end_of(table))}
        again = _made_before(record, known.number, places, events.version, out, split)
        if again is not None:
            return Made(result, again, [out / name for name in again.files], False)
        contents = Contents(
            after=known.number,
            quarantine_rows=len(events.rows),
            tables=tuple(tables),
            places=places,
        )
        with _scratch(settings, app.app) as body:
            with encrypting(body, spec.city_recipient) as file:
                write_head(file, contents)
                if events.rows:
                    write_rows(file, SCHEMA, iter([as_stream(events.rows)]))
                for table_sent in tables:
                    for batch in table_sent.batches:
                        if batch.rows:
                            rows = rows_of(con, lake[table_sent.name], table_sent, batch)
                            write_rows(file, *rows)
            sealed = _seal(app, spec, settings, record, body, split)
            # Recorded before it can be carried away, so that no number is given twice.
            sent = _record(record, sealed.manifest(), known.number, tables, events, places)
            out.mkdir(parents=True, exist_ok=True)
            return Made(result, sent, write_parts(sealed, body, out), True)


def _known(record: SentBundles, everything: bool) -> Sent:
    """How far the city is: what the bundle of the last receipt held, or nothing."""
    acknowledged = record.acknowledged()
    found = None if everything else record.find(acknowledged.number, acknowledged.id)
    return found or Sent(
        number=0,
        id="",
        made_at=datetime.fromtimestamp(0, UTC),
        places={},
        rows=0,
        size=0,
        chunks_per_part=1,
        files=[],
    )


def _made_before(
    record: SentBundles,
    after: int,
    places: dict[str, Place],
    quarantine: int | None,
    out: Path,
    split: int | None,
) -> Sent | None:
    """The last bundle, if it holds the same and its files are here: its upload can go on."""
    last = next(reversed(record.all()), None)
    if last is None or not last.files:
        return None
    is_same = (last.after, last.places, last.quarantine) == (after, places, quarantine)
    is_here = all((out / name).exists() for name in last.files)
    is_cut_so = split is None or last.chunks_per_part == _chunks_per_part(split)
    return last if is_same and is_here and is_cut_so else None


def _chunks_per_part(split: int) -> int:
    return max(1, split // CHUNK)


def _seal(
    app: App,
    spec: Bundle,
    settings: Settings,
    record: SentBundles,
    body: Path,
    split: int | None,
) -> Sealed:
    size = body.stat().st_size
    if size > MAX_SIZE:
        raise BundleError(f"{app.app}: the bundle would be greater than {MAX_SIZE >> 30} GiB")
    with body.open("rb") as file:
        chunks = [sha256(chunk).hexdigest() for chunk in iter(lambda: file.read(CHUNK), b"")]
    content = (
        Manifest(
            sender=spec.sender,
            app=app.app,
            number=max((sent.number for sent in record.all()), default=0) + 1,
            id=secrets.token_hex(8),
            made_at=datetime.now(UTC),
            recipient=spec.city_recipient,
            size=size,
            chunk_size=CHUNK,
            chunks_per_part=_chunks_per_part(split) if split else len(chunks),
            chunks=tuple(chunks),
        )
        .model_dump_json()
        .encode()
    )
    return Sealed(content, sign(settings, KIND, content))


def _record(
    record: SentBundles,
    manifest: Manifest,
    after: int,
    tables: list[SentTable],
    events: Events,
    places: dict[str, Place],
) -> Sent:
    sent = Sent(
        number=manifest.number,
        id=manifest.id,
        made_at=manifest.made_at,
        after=after,
        places=places,
        quarantine=events.version,
        rows=sum(table.rows for table in tables),
        size=manifest.size,
        chunks_per_part=manifest.chunks_per_part,
        files=[manifest.part_name(part) for part in range(manifest.parts)],
    )
    record.add(sent)
    return sent


@contextmanager
def _scratch(settings: Settings, app: str) -> Iterator[Path]:
    """A place for the encrypted content while its checksums are made; what a kill left goes."""
    folder = settings.home / "tmp" / f"bundle-{app}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder / "body"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
