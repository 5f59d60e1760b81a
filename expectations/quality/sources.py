"""What is known of the sources: quarantine, freshness, and the drift of their columns."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from expectations.quality import words
from expectations.quality.material import Material
from lake.quarantine import Quarantine
from lake.table import LakeTable

Row = tuple[Any, ...]

BANDS = (
    (1, "sampai 1 hari"),
    (7, "2–7 hari"),
    (30, "8–30 hari"),
    (None, "lebih dari 30 hari"),
)
"""Ages of quarantine entries, in whole days."""
DRIFT_DAYS = 30
SENTENCES = {
    "new_column": "Kolom {column} baru di sumber dan ikut dimuat ({after}).",
    "gone_column": "Kolom {column} tidak ada lagi di sumber; baris baru kosong di kolom ini.",
    "back_column": "Kolom {column} ada lagi di sumber; seluruh tabel dibaca ulang.",
    "widened_column": "Tipe kolom {column} diperluas dari {before} menjadi {after}.",
}


def quarantine_rows(material: Material) -> list[Row]:
    """Rows of ``quality.quarantine``."""
    now = material.verdict.finished_at
    groups: dict[tuple[str, str, str, int], list[tuple[datetime, bool]]] = defaultdict(list)
    for app in material.apps:
        for entry in Quarantine(material.settings.lake_dir, app).open_ages():
            band = _band((now - entry.at).days)
            groups[app, entry.table, entry.rule, band].append((entry.at, entry.is_loaded))
    rows: list[Row] = []
    for (app, table, rule, band), entries in sorted(groups.items()):
        oldest = min(at for at, _ in entries)
        rows.append(
            (
                app,
                material.app_name(app),
                *material.department(app),
                table,
                rule,
                words.RULES.get(rule, rule),
                band + 1,
                BANDS[band][1],
                len(entries),
                sum(not is_loaded for _, is_loaded in entries),
                oldest,
                max((now - oldest).days, 0),
            )
        )
    return rows


def freshness_rows(material: Material) -> list[Row]:
    """Rows of ``quality.freshness``: what the mart says, and how old that is."""
    return material.ask(
        """
        select
            app, app_name, department_code, department_name, promise_hours,
            last_loaded_at, last_checked_at,
            round(epoch(as_of - last_checked_at) / 3600, 1) as age_hours,
            is_stale, is_held, held_reason, held_since, status_name
        from marts.rpt_app_freshness
        order by app
        """
    )


def drift_rows(material: Material) -> list[Row]:
    """Rows of ``quality.drift``, newest first."""
    since = material.verdict.finished_at - timedelta(days=DRIFT_DAYS)
    zone = ZoneInfo(material.settings.city.timezone)
    rows: list[Row] = []
    for app, entry in material.apps.items():
        for name in entry.tables:
            for batch in LakeTable(material.settings.lake_dir, app, name).batches():
                if batch.extracted_at < since:
                    break
                rows += [
                    (
                        app,
                        entry.name,
                        *material.department(app),
                        name,
                        batch.extracted_at,
                        batch.extracted_at.astimezone(zone).date(),
                        change.kind,
                        words.DRIFTS[change.kind],
                        change.column,
                        SENTENCES[change.kind].format(
                            column=change.column, before=change.before, after=change.after
                        ),
                    )
                    for change in batch.column_changes
                ]
    return sorted(rows, key=lambda row: row[5], reverse=True)


def _band(days: int) -> int:
    return next(place for place, (most, _) in enumerate(BANDS) if most is None or days <= most)
