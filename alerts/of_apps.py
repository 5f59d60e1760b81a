"""What is wrong with an app: not read, behind its promise, held back, rejected, changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from alerts.trouble import Trouble, clean
from connectors import journal
from connectors.registry import App
from connectors.result import AppResult
from kota.settings import Settings
from lake.drift import is_drift
from lake.quarantine import Quarantine
from lake.table import LakeTable
from warehouse.manifest import Held


def troubles_of(
    settings: Settings, app: App, held: Held | None, now: datetime
) -> Iterator[Trouble]:
    """Everything that is wrong with one app now; ``held`` as the newest snapshot says."""
    yield from _unread(settings, app)
    if held is not None:
        yield Trouble("held", app.app, held.since, [clean(held.reason)])
    else:
        yield from _stale(settings, app, now)
    yield from _rejected(settings, app)
    yield from _drifted(settings, app)


def _unread(settings: Settings, app: App) -> Iterator[Trouble]:
    """The last run failed; it is wrong since the first of the runs in a row that did."""
    first: AppResult | None = None
    said: list[str] = []
    for run in journal.runs(settings, app.app):
        if not run.failed:
            break
        if first is None:
            said = [clean(message) for message in dict.fromkeys(t.message for t in run.failed)]
        first = run
    if first is not None:
        yield Trouble("extract_failed", app.app, first.started_at, said)


def _stale(settings: Settings, app: App, now: datetime) -> Iterator[Trouble]:
    """Its promise is broken. An app that was never read is not late, it has not begun."""
    success = journal.last_success(settings, app.app)
    if success is None:
        return
    due = success.finished_at + timedelta(hours=app.freshness_hours)
    if now > due:
        yield Trouble(
            "stale",
            app.app,
            due,
            [
                f"last read at {success.finished_at:%Y-%m-%d %H:%M} UTC, "
                f"promised every {app.freshness_hours} hours"
            ],
        )


def _rejected(settings: Settings, app: App) -> Iterator[Trouble]:
    counts = Quarantine(settings.lake_dir, app.app).open_counts()
    if sum(one.count for one in counts) < app.alert_quarantined_rows:
        return
    yield Trouble(
        "quarantine",
        app.app,
        min(one.oldest_at for one in counts),
        [f"{app.app}.{one.table}: {one.count} by rule {one.rule}" for one in counts],
    )


def _drifted(settings: Settings, app: App) -> Iterator[Trouble]:
    """What the newest batch of a table said of its columns: gone, new, or of a wider type."""
    said, since = [], []
    for name in app.tables:
        table = LakeTable(settings.lake_dir, app.app, name)
        batch = table.last_batch() if table.exists() else None
        if batch is None:
            continue
        notes = [note for note in (batch.note or "").split("; ") if is_drift(note)]
        notes += [
            f"column {column} is gone and reads as empty"
            for column in batch.columns_gone
            if not any(f"column {column} is gone" in note for note in notes)
        ]
        if notes:
            said.append(clean(f"{table.name}: " + "; ".join(n.split(": ")[-1] for n in notes)))
            since.append(batch.extracted_at)
    if said:
        yield Trouble("drift", app.app, min(since), said)
