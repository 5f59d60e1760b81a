"""Which snapshots stay: the newest, and the last one of each month, as ``city.yml`` says.

A snapshot's file goes; its manifest stays for ever, so that `kota rebuild` can make it again.
"""

import shutil
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from kota.settings import Settings
from warehouse.manifest import FILE_NAME as MANIFEST
from warehouse.on_record import record_retention
from warehouse.provenance import FILE_NAME as CONFIGURATION
from warehouse.publications import note
from warehouse.snapshots import MANIFESTS, Snapshot, current, snapshots


def kept_for(settings: Settings) -> dict[str, str]:
    """Why each snapshot that stays does, by id."""
    every = snapshots(settings)
    seen = current(settings)
    why = {
        snapshot.id: f"the last of {month}"
        for month, snapshot in _last_of_months(settings, every).items()
    }
    why |= {snapshot.id: "one of the newest" for snapshot in every[-settings.keep_last :]}
    return why | ({seen.id: "readers see it"} if seen else {})


def forget_old(settings: Settings) -> list[str]:
    """Remove the files of all others; a reader of one keeps its open file until it is done.

    The caller holds the lock of publishing.
    """
    stay = kept_for(settings)
    gone = [snapshot for snapshot in snapshots(settings) if snapshot.id not in stay]
    if gone:
        record_retention(settings, [snapshot.id for snapshot in gone])
    for snapshot in gone:
        kept = settings.published_dir / MANIFESTS / snapshot.id
        kept.mkdir(parents=True, exist_ok=True)
        for name in (CONFIGURATION, MANIFEST):  # the manifest last: a kill leaves nothing half
            if (snapshot.folder / name).exists():
                shutil.copyfile(snapshot.folder / name, kept / name)
        shutil.rmtree(snapshot.folder)
        note(settings, "forgotten", snapshot.id)
    return [snapshot.id for snapshot in gone]


def _last_of_months(settings: Settings, every: Sequence[Snapshot]) -> dict[str, Snapshot]:
    zone = ZoneInfo(settings.city.timezone)
    last: dict[str, Snapshot] = {}
    for snapshot in every:
        last[f"{snapshot.manifest.built_at.astimezone(zone):%Y-%m}"] = snapshot
    months = sorted(last)[len(last) - min(settings.city.snapshots.keep_months, len(last)) :]
    return {month: last[month] for month in months}
