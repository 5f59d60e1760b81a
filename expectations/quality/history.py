"""Verdict and score per day: each snapshot carries the history of those before it."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from expectations.quality import words
from expectations.quality.material import CHECKS, Material
from expectations.quality.scores import PRINCIPLES, Score, mean
from expectations.verdict import FILE_NAME as VERDICT
from expectations.verdict import Verdict
from kota.settings import Settings
from warehouse.candidate import candidates
from warehouse.snapshots import snapshots

Row = tuple[Any, ...]


def earlier_rows(settings: Settings, candidate_id: str) -> list[Row]:
    """What the newest snapshot before this one knew, and the candidates refused since then."""
    rows = _published_before(settings, candidate_id)
    last = rows[-1][0] if rows else ""
    for candidate in candidates(settings):
        path = candidate.folder / VERDICT
        if not last < candidate.id < candidate_id or not path.exists():
            continue
        if (verdict := Verdict.load(path)).blocks and (candidate.folder / CHECKS).exists():
            rows.append(_row(settings, verdict, is_published=False, is_current=False))
    return rows


def this_row(
    material: Material,
    reconciled: Sequence[bool],
    open_count: int,
    late_count: int,
    found: Sequence[Score],
    *,
    is_published: bool,
) -> Row:
    """The row of the candidate itself."""
    return _row(
        material.settings,
        material.verdict,
        is_published=is_published,
        is_current=is_published,
        measured=(
            len(reconciled),
            sum(reconciled),
            open_count,
            late_count,
            mean([score.total for score in found]),
            *(mean([score.percent(name) for score in found]) for name in PRINCIPLES),
        ),
    )


def _row(
    settings: Settings,
    verdict: Verdict,
    *,
    is_published: bool,
    is_current: bool,
    measured: Row = (None,) * 9,
) -> Row:
    zone = ZoneInfo(settings.city.timezone)
    return (
        verdict.candidate_id,
        verdict.finished_at,
        verdict.finished_at.astimezone(zone).date(),
        is_published,
        is_current,
        verdict.status,
        words.VERDICTS[verdict.status],
        verdict.check_count,
        verdict.warning_count,
        verdict.critical_count,
        *measured,
    )


def _published_before(settings: Settings, candidate_id: str) -> list[Row]:
    for snapshot in reversed(snapshots(settings)):
        if snapshot.id >= candidate_id:
            continue
        with duckdb.connect(snapshot.path, read_only=True) as con:
            try:
                return con.execute(
                    "select * replace (false as is_current) from quality.history "
                    "order by snapshot_id"
                ).fetchall()
            except duckdb.CatalogException:
                return []  # of former days, without this schema
    return []
