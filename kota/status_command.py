"""`kota status`: how fresh each app is, and what officials see."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rich.markup import escape

from connectors import journal
from connectors.registry import App
from kota.console import JsonOption, console, print_json, print_table
from kota.settings import Settings, get_settings
from kota.sources_commands import chosen_apps
from lake.table import LakeTable
from warehouse.manifest import Held
from warehouse.snapshots import current


def status(as_json: JsonOption = False) -> None:
    """Tell how fresh each app is against its promise, and which snapshot is published."""
    settings = get_settings()
    now = datetime.now(UTC)
    snapshot = current(settings)
    manifest = snapshot.manifest if snapshot else None
    held = manifest.held if manifest else {}
    apps = [_app_status(settings, app, now, held.get(app.app)) for app in chosen_apps(None)]
    if as_json:
        published = manifest.model_dump(mode="json") if manifest else None
        print_json({"apps": apps, "published": published})
        return
    print_table(
        "Apps",
        ["app", "last success", "age", "promise", "fresh", "rows", "last run"],
        [
            (
                app["app"],
                f"{app['last_success']:%Y-%m-%d %H:%M} UTC" if app["last_success"] else "never",
                app["age"],
                f"{app['promise_hours']} h",
                "HELD" if app["is_held"] else "yes" if app["is_fresh"] else "NO",
                app["rows"],
                app["last_run"],
            )
            for app in apps
        ],
    )
    for app, entry in held.items():
        console.print(f"[bold red]HELD[/] {escape(entry.sentence(app))}", highlight=False)
    if manifest is None or manifest.publication is None:
        console.print("Nothing is published yet.")
    else:
        told = manifest.publication
        console.print(
            f"Published: snapshot {manifest.id}, as of {manifest.as_of:%Y-%m-%d %H:%M} UTC, "
            f"verdict {told.verdict}: {told.checks} checks, warnings: {told.warnings}.",
            highlight=False,
        )


def _app_status(settings: Settings, app: App, now: datetime, held: Held | None) -> dict[str, Any]:
    success = journal.last_success(settings, app.app)
    last = journal.last_run(settings, app.app)
    age = now - success.finished_at if success else None
    return {
        "app": app.app,
        "last_success": success.finished_at if success else None,
        "age": f"{age / timedelta(hours=1):.1f} h" if age is not None else "—",
        "promise_hours": app.freshness_hours,
        "is_fresh": (
            held is None and age is not None and age <= timedelta(hours=app.freshness_hours)
        ),
        "is_held": held is not None,
        "held_reason": held.reason if held else None,
        "held_since": held.since if held else None,
        "rows": _rows(settings, app),
        "last_run": last.sentence() if last else "never ran",
    }


def _rows(settings: Settings, app: App) -> int:
    """Rows of the current state over all tables of the app, as the ledger has them."""
    batches = (LakeTable(settings.lake_dir, app.app, name).last_batch() for name in app.tables)
    return sum(batch.lake_rows for batch in batches if batch)
