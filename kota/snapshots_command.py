"""`kota snapshots`: what was published, what readers see, and what is kept."""

from typing import Any

from kota.console import JsonOption, console, print_json, print_table
from kota.settings import get_settings
from warehouse.publications import publications
from warehouse.retention import kept_for
from warehouse.snapshots import current, snapshots


def list_snapshots(as_json: JsonOption = False) -> None:
    """List the published snapshots, oldest first, and what happened to them."""
    settings = get_settings()
    seen = current(settings)
    why = kept_for(settings)
    rows: list[dict[str, Any]] = []
    for snapshot in snapshots(settings):
        manifest = snapshot.manifest
        told = manifest.publication
        rows.append(
            {
                "id": snapshot.id,
                "is_current": seen is not None and snapshot.id == seen.id,
                "published_at": told.published_at if told else None,
                "as_of": manifest.as_of,
                "verdict": told.verdict if told else None,
                "warnings": told.warnings if told else None,
                "held": sorted(manifest.held),
                "bytes": snapshot.path.stat().st_size,
                "kept_for": why.get(snapshot.id, "nothing: it goes with the next publication"),
            }
        )
    events = publications(settings)
    if as_json:
        print_json({"snapshots": rows, "events": [e.model_dump(mode="json") for e in events]})
        return
    if not rows:
        console.print("Nothing is published yet.")
        return
    print_table(
        "Snapshots (times in UTC)",
        ["id", "", "published", "as of", "verdict", "held back", "MB", "kept as"],
        [
            (
                row["id"],
                "◀ current" if row["is_current"] else "",
                f"{row['published_at']:%Y-%m-%d %H:%M}" if row["published_at"] else None,
                f"{row['as_of']:%Y-%m-%d %H:%M}",
                row["verdict"],
                ", ".join(row["held"]) or "none",
                f"{row['bytes'] / 1e6:.1f}",
                row["kept_for"],
            )
            for row in rows
        ],
    )
    for event in events[-5:]:
        instead = f" instead of {event.before}" if event.before else ""
        console.print(f"{event.at:%Y-%m-%d %H:%M} {event.event} {event.id}{instead}")
