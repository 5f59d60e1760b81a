"""The city's inbox: bundles that somebody uploaded to ``KOTA_HOME/bundles/inbox``, on schedule."""

from datetime import UTC, datetime
from pathlib import Path

from connectors.bundle.errors import BundleError
from connectors.bundle.part import read_part
from connectors.bundle.receipt import issue
from connectors.bundle.receive import Received, receive
from connectors.bundle.received import last_received
from connectors.bundle.sent import write_whole
from connectors.registry import App
from connectors.result import AppResult, TableResult
from kota.settings import Settings
from lake.lock import BusyError


def inbox(settings: Settings) -> Path:
    """Where uploads are to be put; a file that was taken is removed."""
    return settings.home / "bundles" / "inbox"


def receipts_folder(settings: Settings) -> Path:
    """Where the receipts of uploads are."""
    return settings.home / "bundles" / "receipts"


def receive_waiting(
    app: App, settings: Settings, *, allow_mass_deletion: bool = False
) -> AppResult:
    """What extracting is for an app that arrives in bundles: land those that wait for it.

    The receipt is written to ``KOTA_HOME/bundles/receipts``. A bundle that lands is in the journal;
    that none waits is no news of the app, and is not. Raises nothing that is expected.
    """
    started = datetime.now(UTC)
    try:
        files = [path for path in sorted(inbox(settings).glob("*.kota")) if _is_for(app, path)]
        received = receive(
            files,
            settings,
            {app.app: app},
            allow_mass_deletion=allow_mass_deletion,
            remove_taken=True,
        )
        receipt = issue(app, settings)
        if received and receipt is not None:
            write_receipt(receipts_folder(settings), app, receipt)
    except (BundleError, BusyError, OSError) as error:
        return _result(app, started, f"{app.app}: {error}", is_failed=True)
    if wrong := [one.message for one in received if one.outcome == "refused"]:
        return _result(app, started, "; ".join(wrong), is_failed=True)
    if landed := [one.result for one in received if one.result is not None]:
        return landed[-1]
    return _result(app, started, _nothing_landed(app, settings, received), is_failed=False)


def write_receipt(folder: Path, app: App, receipt: str) -> Path:
    """Write a receipt where the person who brought the bundle finds it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{app.app}.receipt"
    write_whole(path, receipt + "\n")
    return path


def _nothing_landed(app: App, settings: Settings, received: list[Received]) -> str:
    if received:
        return "; ".join(f"{one.name}: {one.message}" for one in received)
    last = last_received(settings, app.app)
    if last is None:
        return f"{app.app}: no bundle has come yet"
    return f"{app.app}: no bundle waits; the last one was made on {last.made_at:%Y-%m-%d}"


def _result(app: App, started: datetime, message: str, *, is_failed: bool) -> AppResult:
    tables = [
        TableResult(
            app=app.app,
            table=name,
            outcome="failed" if is_failed else "unchanged",
            message=message,
        )
        for name in app.tables
    ]
    return AppResult(app=app.app, started_at=started, finished_at=datetime.now(UTC), tables=tables)


def _is_for(app: App, path: Path) -> bool:
    try:
        return read_part(path).manifest.app == app.app
    except BundleError:
        return False  # half uploaded, or none of ours: `kota bundle status` shows what is left
