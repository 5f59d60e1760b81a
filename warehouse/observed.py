"""What was known of a lake table when a candidate was built, beside its rows.

It comes from the run journal and the quarantine, which go on; a manifest keeps it, so that the
same build can be made again.
"""

from collections.abc import Mapping
from datetime import datetime

from connectors import journal
from connectors.registry import App
from connectors.result import TableResult
from kota.settings import Settings
from lake.batch import Batch
from lake.erasures import erased_keys
from lake.quarantine import Quarantine
from lake.table import LakeTable
from warehouse.growth import most_rows
from warehouse.manifest import Observed
from warehouse.pins import Pins

Counts = Batch | TableResult
"""Where the last look at a source is told: the batch that landed, or a run that landed nothing."""


def observe(
    settings: Settings, apps: Mapping[str, App], pins: Pins, at: datetime
) -> dict[str, Observed]:
    """What was known of every table at an instant, by ``app.table``."""
    known = {}
    for app in apps.values():
        looks = _last_looks(settings, app, pins.versions, at)
        quarantine = Quarantine(settings.lake_dir, app.app)
        held = pins.held.get(app.app)
        for name, entry in app.tables.items():
            table = LakeTable(settings.lake_dir, app.app, name)
            version = pins.versions.get(table.name)
            batch = None if version is None else table.last_batch(version)
            checked_at, counts = looks.get(name) or (
                (batch.extracted_at, batch) if batch else (None, None)
            )
            is_held = held is not None and table.name in held.tables
            # Of a held table, what was set aside when its state was the source's.
            counted_at = checked_at if is_held else at
            known[table.name] = Observed(
                checked_at=checked_at,
                source_rows=counts.source_rows if counts else None,
                quarantined_rows=quarantine.count_unloaded(name, counted_at) if batch else 0,
                most_rows=most_rows(table, pins.published.get(table.name), entry.max_grown_share),
                count_basis=counts.count_basis if counts else "source",
                tolerance_rows=_tolerance(counts, entry.count_tolerance_share),
                erased_rows=len(erased_keys(settings.lake_dir, app.app, name)),
                controls=counts.controls if counts else [],
                control_basis=counts.control_basis if counts else "source",
            )
    return known


def _tolerance(counts: Counts | None, share: float) -> int:
    if counts is None or counts.source_rows is None or counts.is_one_moment:
        return 0
    return int(counts.source_rows * share)


def _last_looks(
    settings: Settings, app: App, versions: Mapping[str, int], at: datetime
) -> dict[str, tuple[datetime, Counts]]:
    """By table, when the source was last found to agree with its version, and its counts then."""
    same_state = {
        name: range(_batch_version(settings, app.app, name, newest), newest + 1)
        for name in app.tables
        if (newest := versions.get(f"{app.app}.{name}")) is not None
    }
    looks: dict[str, tuple[datetime, Counts]] = {}
    for run in journal.runs(settings, app.app):
        if run.finished_at > at:
            continue
        for seen in run.tables:
            if seen.table not in looks and seen.lake_version in same_state.get(seen.table, ()):
                looks[seen.table] = (run.finished_at, seen)
        if len(looks) == len(app.tables):
            break
    return looks


def _batch_version(settings: Settings, app: str, table: str, newest: int) -> int:
    return LakeTable(settings.lake_dir, app, table).batch_version(newest) or 0
